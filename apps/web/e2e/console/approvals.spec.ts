import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { untilLive } from "../portal/steps.ts";
import { hosts, launch, openPage, PHONE, picture } from "../support/browser.ts";
import { shiftsOf, watchShifts } from "../support/shifts.ts";
import { signInToConsole, signUpClinic } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  // Two who wait, for every test here: sign-ups of one address are limited to a few an hour.
  await signUpClinic("Waiting Room One", "waiting-one");
  await signUpClinic("Waiting Room Two", "waiting-two");
});
afterAll(() => browser.close());

const DESK = { viewport: { width: 1280, height: 860 } };

test("a clinic that signs up shows in the overview by itself, and waits behind a button where rows would move", async () => {
  const { page, context, complaints } = await openPage(browser, DESK);
  await signInToConsole(page);
  await untilLive(page);
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  const feed = page.getByRole("region", { name: "What happened" });
  const first = await feed.getByRole("listitem").first().textContent();
  const waiting = Number(
    await page
      .locator('[data-figure="Waiting"]')
      .textContent()
      .then((text) => /\d+/.exec(text ?? "")?.[0]),
  );

  await watchShifts(page, "[data-live-line]");
  await signUpClinic("Overview Clinic", "overview-clinic");
  await page.locator("[data-live-line]", { hasText: "Overview Clinic signed up" }).waitFor();
  await page.locator('[data-figure="Waiting"]', { hasText: String(waiting + 1) }).waitFor();
  expect(await feed.getByRole("listitem").first().textContent()).toBe(first);
  await page.locator("[data-announcements]", { hasText: "Overview Clinic signed up" }).waitFor({ state: "attached" });
  await feed.getByRole("button", { name: "1 new" }).waitFor();
  expect(await shiftsOf(page)).toEqual([]);
  await feed.getByRole("button", { name: "1 new" }).click();
  await page.waitForFunction(() => document.activeElement?.textContent === "Overview Clinic");
  expect(await feed.getByRole("listitem").first().textContent()).toContain("Overview Clinic");
  expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
  await picture(page, "console-overview-live");

  await page.getByRole("button", { name: "Pause" }).click();
  await signUpClinic("Paused Clinic", "paused-clinic");
  await page.locator("[data-live-line]", { hasText: "Paused Clinic signed up" }).waitFor();
  expect(await page.locator('[data-figure="Waiting"]').textContent()).toContain(String(waiting + 1));
  await page.getByRole("button", { name: "Go on" }).click();
  await page.locator('[data-figure="Waiting"]', { hasText: String(waiting + 2) }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("an admin sees a sign-up arrive and approves it with one button and one question; then its page is open", async () => {
  const { page, context, complaints } = await openPage(browser, DESK);
  await signInToConsole(page, "/approvals");
  await untilLive(page);
  const list = page.getByRole("list", { name: "Clinics" });
  const openBefore = await page.locator("#evidence-title").textContent();
  const rows = await list.getByRole("listitem").count();

  await signUpClinic("Lighthouse Clinic", "lighthouse");
  const row = list.getByRole("listitem").filter({ hasText: "Lighthouse Clinic" });
  await row.waitFor();
  // The longest waiting stands first: a newcomer goes to the end and nothing moves.
  expect(await list.getByRole("listitem").nth(rows).textContent()).toContain("Lighthouse Clinic");
  expect(await row.getByText("New", { exact: true }).count()).toBe(1);
  expect(await page.locator("#evidence-title").textContent()).toBe(openBefore);

  await row.getByRole("link").click();
  await page.locator("#evidence-title", { hasText: "Lighthouse Clinic" }).waitFor();
  expect(await page.getByText("not confirmed yet").count()).toBe(1);
  await picture(page, "console-approvals");
  await page.getByRole("link", { name: "Approve", exact: true }).click();
  const question = page.getByRole("alertdialog", { name: "Approve Lighthouse Clinic?" });
  await question.getByRole("button", { name: "Approve clinic" }).click();
  await page.getByText("Lighthouse Clinic is live.", { exact: false }).waitFor();
  expect(await row.count()).toBe(0);
  // The next one is open already.
  expect(await page.locator("#evidence-title").textContent()).not.toContain("Lighthouse");
  await page.waitForFunction(() => document.activeElement?.id === "evidence-title");

  await page.goto(`${hosts.clinic("lighthouse")}/`);
  await page.getByRole("link", { name: "Book a visit" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("J and K go through the list, A asks, Esc keeps it waiting", async () => {
  const { page, context } = await openPage(browser, DESK);
  await signInToConsole(page, "/approvals");
  await untilLive(page);
  const links = page.getByRole("list", { name: "Clinics" }).getByRole("link");
  await links.first().focus();
  const second = await links.nth(1).getAttribute("data-clinic");
  await page.keyboard.press("j");
  await page.locator(`a[data-clinic="${second}"][aria-current="true"]`).waitFor();
  expect(await links.nth(1).evaluate((link) => link === document.activeElement)).toBe(true);
  await page.keyboard.press("a");
  await page.getByRole("alertdialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await page.waitForFunction((id) => document.activeElement?.getAttribute("data-clinic") === id, second);
  await page.keyboard.press("k");
  expect(await links.first().evaluate((link) => link === document.activeElement)).toBe(true);
  await context.close();
});

test("without JavaScript the console reads and approves by posting", async () => {
  await signUpClinic("Plain Clinic", "plain-clinic");
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  await signInToConsole(page);
  expect(await page.getByRole("region", { name: "What happened" }).textContent()).toContain("Plain Clinic");
  await page.goto(`${hosts.console}/approvals`);
  await page.getByRole("link", { name: /Plain Clinic/ }).click();
  await page.getByRole("link", { name: "Approve", exact: true }).click();
  await page.getByRole("button", { name: "Approve clinic" }).click();
  expect(await page.textContent("main")).toContain("Plain Clinic is live.");
  await context.close();
});

test("the console is no page of a clinic, and staff of a clinic have no way in", async () => {
  const { page, context } = await openPage(browser);
  await page.goto(`${hosts.console}/approvals`);
  await page.waitForURL(/\/sign-in\?next=%2Fapprovals$/);
  await page.getByLabel("Email").fill("owner@sunrise.demo");
  await page.getByLabel("Password").fill("pulsecal demo owner");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("That email and password do not match.", { exact: false }).waitFor();
  expect((await page.goto(`${hosts.clinic("sunrise")}/approvals`))?.status()).toBe(404);
  await context.close();
});
