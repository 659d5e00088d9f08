import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { launch, openPage, picture } from "../support/browser.ts";
import { box, clockAt, openTimes, take, timeBoxes } from "./steps.ts";

let browser: Browser;
let watcher: Awaited<ReturnType<typeof openPage>>;
let taker: Awaited<ReturnType<typeof openPage>>;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

beforeEach(async () => {
  [watcher, taker] = await Promise.all([openPage(browser), openPage(browser)]);
});
afterEach(async () => {
  await Promise.all([watcher.context.close(), taker.context.close()]);
  expect(watcher.complaints).toEqual([]);
});

/** Where every box stands, to see that nothing moves. */
function positions(page: Page): Promise<string[]> {
  return timeBoxes(page).evaluateAll((boxes) => boxes.map((each) => JSON.stringify(each.getBoundingClientRect())));
}

test("a time taken elsewhere says so, where it stands, and focus stays", async () => {
  const address = await openTimes(watcher.page, /van Wyk/, 2);
  await taker.page.goto(address);
  const clock = await clockAt(watcher.page, 3);
  const count = await timeBoxes(watcher.page).count();
  await box(watcher.page, clock).focus();
  const before = await positions(watcher.page);

  await take(taker.page, clock);

  await watcher.page.locator(`input[data-time="${clock}"][aria-disabled="true"]`).waitFor();
  expect(await watcher.page.evaluate(() => document.activeElement?.getAttribute("data-time"))).toBe(clock);
  expect(await positions(watcher.page)).toEqual(before);
  expect(await watcher.page.getByText("Taken", { exact: true }).locator("visible=true").count()).toBe(1);
  expect(await watcher.page.getByRole("status").textContent()).toBe(`${clock} is taken. ${count - 1} times left.`);
  expect(await watcher.page.locator("[data-count]").textContent()).toBe(`${count - 1} times`);
  // Playwright would wait for an enabled box; a person just presses.
  await box(watcher.page, clock).click({ force: true });
  expect(await box(watcher.page, clock).isChecked()).toBe(false);
  await picture(watcher.page, "clinic-taken-phone");
});

test("a chosen time that is taken is given up with words and the nearest times", async () => {
  const address = await openTimes(watcher.page, /van Wyk/, 2);
  await taker.page.goto(address);
  const clock = await clockAt(watcher.page, 5);
  await box(watcher.page, clock).check();

  await take(taker.page, clock);

  await watcher.page.getByText(`${clock} was just taken.`).waitFor();
  expect(await watcher.page.locator("[data-said]").textContent()).toMatch(/\d\d:\d\d and \d\d:\d\d are free\./);
  expect(await watcher.page.locator("[data-book]").textContent()).toBe("Book this time");
});

test("a time that comes free again can be chosen where it stands", async () => {
  const address = await openTimes(watcher.page, /van Wyk/, 2);
  await taker.page.goto(address);
  const clock = await clockAt(watcher.page, 7);
  await take(taker.page, clock);
  await watcher.page.locator(`input[data-time="${clock}"][aria-disabled="true"]`).waitFor();

  await taker.page.getByLabel("Your name").fill("Sipho Nkosi");
  await taker.page.getByLabel("Cell number").fill("082 123 4567");
  await taker.page.getByRole("button", { name: /^Book / }).click();
  await taker.page.waitForURL(/\/b\//);
  await taker.page.goto(`${taker.page.url()}/cancel`);
  await taker.page.getByRole("button", { name: "Yes, cancel it" }).click();

  await watcher.page.locator(`input[data-time="${clock}"]:not([aria-disabled])`).waitFor();
  await box(watcher.page, clock).check();
  expect(await watcher.page.locator("[data-book]").textContent()).toContain(clock);
});

test("a time the page has never shown waits behind a link, and nothing moves", async () => {
  const address = await openTimes(watcher.page, /van Wyk/, 2);
  await taker.page.goto(address);
  const clock = await clockAt(watcher.page, 1);
  await take(taker.page, clock);
  await watcher.page.reload();
  expect(await box(watcher.page, clock).count()).toBe(0);
  const before = await positions(watcher.page);

  await taker.page.getByLabel("Your name").fill("Sipho Nkosi");
  await taker.page.getByLabel("Email").fill("sipho@example.com");
  await taker.page.getByRole("button", { name: /^Book / }).click();
  await taker.page.waitForURL(/\/b\//);
  await taker.page.goto(`${taker.page.url()}/cancel`);
  await taker.page.getByRole("button", { name: "Yes, cancel it" }).click();

  const more = watcher.page.getByRole("link", { name: "1 more time" });
  await more.waitFor();
  expect(await positions(watcher.page)).toEqual(before);
  await more.click();
  await box(watcher.page, clock).waitFor();
});

test("days and times are walked with the arrow keys", async () => {
  const { page } = watcher;
  await openTimes(page, /van Wyk/, 2);
  await page.locator("[data-day][aria-current]").focus();
  await page.keyboard.press("ArrowRight");
  const days = page.locator("[data-day]");
  const at = await days.evaluateAll((all) => all.indexOf(document.activeElement as HTMLElement));
  expect(await days.nth(at - 1).getAttribute("aria-current")).toBe("date");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "times");
  await timeBoxes(page).first().focus();
  await page.keyboard.press("ArrowDown");
  expect(await timeBoxes(page).nth(1).isChecked()).toBe(true);
});
