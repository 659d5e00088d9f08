import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInToConsole, signUpClinic } from "../console/steps.ts";
import { axe, hosts, launch, openPage, picture } from "../support/browser.ts";
import { linkFromMail, untilLive } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const DESK = { viewport: { width: 1280, height: 860 } };

test("a new clinic confirms its address, works in practice mode, and sees by itself that it was approved", async () => {
  await signUpClinic("Practice Makes Perfect", "practice-perfect");
  const owner = await openPage(browser, DESK);
  const { page } = owner;
  const portal = `${hosts.clinic("practice-perfect")}/portal`;
  const signIn = async () => {
    await page.getByLabel("Email").fill("thandi@practice-perfect.example");
    await page.getByLabel("Password").fill("moss kettle lantern nine");
    await page.getByRole("button", { name: "Sign in" }).click();
  };

  await page.goto(`${portal}/sign-in`);
  await signIn();
  await page.getByRole("alert").getByText("Confirm your email address first.", { exact: false }).waitFor();

  const link = await linkFromMail("thandi@practice-perfect.example", /http:\S+\/portal\/verify\/\S+/);
  expect(link.startsWith(`${portal}/verify/`)).toBe(true);
  await page.goto(link);
  await page.getByRole("button", { name: "Confirm my address" }).click();
  await page.getByText("Your email address is confirmed.", { exact: false }).waitFor();
  await signIn();
  await page.waitForURL(portal);
  await untilLive(page);
  const practice = page.getByText("Practice mode: patients cannot book yet");
  expect(await practice.count()).toBe(1);
  expect(await axe(page)).toEqual([]);
  await picture(page, "portal-practice");

  const admin = await openPage(browser, DESK);
  await signInToConsole(admin.page, "/approvals");
  await admin.page.getByRole("link", { name: /Practice Makes Perfect/ }).click();
  await admin.page.getByRole("link", { name: "Approve", exact: true }).click();
  await admin.page.getByRole("button", { name: "Approve clinic" }).click();
  await admin.page.getByText("Practice Makes Perfect is live.", { exact: false }).waitFor();
  await practice.waitFor({ state: "detached" });
  expect([...owner.complaints, ...admin.complaints]).toEqual([]);
  await Promise.all([owner.context.close(), admin.context.close()]);
});

test("a link that was used or made up says what to do next", async () => {
  const { page, context } = await openPage(browser);
  await page.goto(`${hosts.clinic("sunrise")}/portal/verify/${"x".repeat(43)}`);
  await page.getByRole("button", { name: "Confirm my address" }).click();
  await page.getByRole("alert").getByText("This link has been used or is too old").waitFor();
  await page.getByRole("link", { name: "Go to sign in" }).click();
  await page.waitForURL(/\/portal\/sign-in$/);
  await context.close();
});
