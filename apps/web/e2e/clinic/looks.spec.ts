import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hosts, launch, openPage, picture } from "../support/browser.ts";
import { patientTrouble } from "./patient-looks.ts";
import { holdAndType, openTimes, pressBook, timeBoxes, MAILBOX } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const SUNRISE = hosts.clinic("sunrise");

/** Every screen of the face, in the order a patient meets them. */
async function* screens(page: Page): AsyncGenerator<string> {
  await page.goto(`${SUNRISE}/`);
  yield "home";
  await page.goto(`${SUNRISE}/contact`);
  yield "contact";
  await page.goto(`${SUNRISE}/no-such-page`);
  yield "missing";
  await page.goto(`${SUNRISE}/book`);
  yield "service";
  await page.getByRole("radio").first().check();
  await page.getByRole("button", { name: "Continue" }).click();
  yield "who";
  await openTimes(page, "any", 4);
  await timeBoxes(page).nth(5).check();
  yield "times";
  await page.locator("[data-book]").click();
  await page.waitForURL(/\/hold\//);
  yield "details";
  await pressBook(page);
  yield "details-error";
  await page.getByLabel("Your name").fill("Lerato Dube");
  await page.getByLabel("Email").fill(MAILBOX);
  await pressBook(page);
  await page.waitForURL(/\/b\//);
  yield "booked";
  await page.getByRole("link", { name: "Cancel this booking" }).click();
  yield "cancel";
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  await page.waitForURL(/\/b\/[^/]+$/);
  yield "cancelled";
}

test("every page, at every size, in the light and in the dark: axe finds nothing and nothing sticks out", async () => {
  const { page, context, complaints } = await openPage(browser);
  const found: Record<string, string[]> = {};
  for await (const screen of screens(page)) {
    const shown = ["home", "times", "booked"].includes(screen);
    const trouble = await patientTrouble(page, shown ? (look) => picture(page, `clinic-${screen}-${look}`) : undefined);
    if (trouble.length > 0) found[screen] = trouble;
  }
  expect(found).toEqual({});
  expect(complaints).toEqual([]);
  await context.close();
}, 180_000);

test("pages bring no font, no inline style and no script but the island", async () => {
  const { page, context } = await openPage(browser);
  const kinds = new Set<string>();
  page.on("request", (request) => kinds.add(request.resourceType()));
  await openTimes(page, "any", 4);
  expect(await page.locator("[style], style").count()).toBe(0);
  expect(await page.locator("script").count()).toBe(1);
  expect([...kinds].sort()).not.toContain("font");
  await holdAndType(page, 6);
  expect(await page.locator("[style], style").count()).toBe(0);
  await context.close();
});
