import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTimes, timeBoxes } from "../clinic/steps.ts";
import { launch, openPage, pulse } from "../support/browser.ts";
import { bookHeld, holdAt, PORTAL, untilLive } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const DESK = { viewport: { width: 1280, height: 860 } };
const focused = (page: Page) =>
  page.evaluate(() =>
    (document.activeElement?.textContent || document.activeElement?.getAttribute("name") || "").trim(),
  );

/** Tabs until the focused element says what we look for; every stop on the way has to be seen. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press("Tab");
    const { text, seen } = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const box = element.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 20) / 2);
      const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
      return {
        text: `${name.trim()} ${element.getAttribute("name") ?? ""}`,
        seen: top !== null && (element.contains(top) || top.contains(element)),
      };
    });
    expect(seen, `${text} is hidden while it has the focus`).toBe(true);
    if (wanted.test(text)) return;
  }
  throw new Error(`no way by Tab to ${String(wanted)}`);
}

test("a person with only a keyboard signs in, opens a booking, changes her mind about cancelling and signs out", async () => {
  const patient = await openPage(browser);
  const address = await openTimes(patient.page, /van Wyk/, 1);
  const date = new URL(address).searchParams.get("day") ?? "";
  const clock = (await timeBoxes(patient.page).nth(3).getAttribute("data-time")) ?? "";
  await holdAt(patient.page, clock);
  await bookHeld(patient.page, "Thabo Keys");
  await patient.context.close();

  const { page, context, complaints } = await openPage(browser, DESK);
  await page.goto(`${PORTAL}/agenda?date=${date}`);
  await tabTo(page, /email/);
  await page.keyboard.type(pulse.ownerLogin.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(pulse.ownerLogin.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(/agenda\?date=/);
  await untilLive(page);

  await page.reload();
  await untilLive(page);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to content");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /Thabo Keys/ }).waitFor();
  // The day is one tab stop; from there the arrows go.
  await tabTo(page, /, Dr |, Sr /);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowRight");
  for (let row = 0; row < 60 && !/Thabo Keys/.test(await focused(page)); row++) await page.keyboard.press("ArrowDown");
  const link = await page.evaluate(() => document.activeElement?.id);
  await page.keyboard.press("Enter");
  await page.locator("[data-drawer]").waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "drawer-title");
  await page.keyboard.press("F6");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe(link);
  await page.keyboard.press("F6");
  await tabTo(page, /^Cancel booking/);
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.id === "cancel-booking");
  await page.keyboard.press("Escape");
  await page.locator("[data-drawer]").waitFor({ state: "detached" });
  await page.waitForFunction((id) => document.activeElement?.id === id, link);

  await page.reload();
  await untilLive(page);
  await tabTo(page, /^Sign out/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/sign-in$/);
  await page.goto(`${PORTAL}`);
  await page.waitForURL(/sign-in/);
  expect(complaints).toEqual([]);
  await context.close();
});

test("going to another page moves focus to its heading", async () => {
  const { page, context } = await openPage(browser, DESK);
  await page.goto(PORTAL);
  await page.getByLabel("Email").fill(pulse.ownerLogin.email);
  await page.getByLabel("Password").fill(pulse.ownerLogin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await untilLive(page);
  await page
    .getByRole("navigation", { name: "Main", exact: true })
    .getByRole("link", { name: "Services" })
    .press("Enter");
  await page.getByRole("heading", { level: 1, name: "Services" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  await context.close();
});
