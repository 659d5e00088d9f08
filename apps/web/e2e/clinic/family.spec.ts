import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, openPage, PHONE } from "../support/browser.ts";
import { type OwnClinic, openClinic } from "./own-clinic.ts";
import { alertOf, clockAt, take, tokenOf } from "./steps.ts";

let browser: Browser;
let clinic: OwnClinic;
let times: (day: number) => string;
beforeAll(async () => {
  [browser, clinic] = await Promise.all([launch(), openClinic("Family Matters")]);
  const service = await clinic.addService();
  times = (day) => `${clinic.url}/book/${service}/any?from=${clinic.day(day)}`;
});
afterAll(() => browser.close());

const NO_SCRIPT: BrowserContextOptions = { ...PHONE, javaScriptEnabled: false };
const mainText = async (page: Page) => (await page.locator("main").textContent()) ?? "";
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();

/** Holds a time, types the details and says that somebody else comes too. */
async function withSomebody(page: Page, day: number, nth: number): Promise<string> {
  await page.goto(times(day));
  const clock = await clockAt(page, nth);
  await take(page, clock);
  await page.getByLabel("Your name").fill("Nomsa Dube");
  await page.getByLabel("Cell number").fill("082 123 4567");
  await page.getByLabel("Reason").fill("Both cough");
  await page.getByRole("button", { name: "Someone else too" }).click();
  await page.waitForURL(/\/family$/);
  return clock;
}

test.each([
  ["with the island", PHONE, 2],
  ["without JavaScript", NO_SCRIPT, 3],
])("%s: two people are booked together, back to back, with what was typed once", async (_how, options, day) => {
  const { page, context, complaints } = await openPage(browser, options);
  const clock = await withSomebody(page, day, 4);
  expect(await page.getByLabel("Your name").inputValue()).toBe("Nomsa Dube");
  await page.getByLabel("Who else is coming?").fill("Sipho Dube");
  await page.getByRole("button", { name: "Find times for everybody" }).click();
  await page.getByRole("heading", { name: "You can all come together" }).waitFor();
  await page.getByRole("button", { name: /^Keep / }).click();

  await page.waitForURL(/\/check$/);
  expect(await heading(page)).toBe("Check your booking");
  const words = await mainText(page);
  for (const kept of ["Nomsa Dube", "Sipho Dube", "082 123 4567", "Both cough", clock]) expect(words).toContain(kept);
  await page.getByRole("button", { name: "Book for 2 people" }).click();
  await page.waitForURL(/\/b\//);
  expect(await heading(page)).toBe("You are booked");
  expect(await mainText(page)).toContain("Nomsa Dube");
  await page.getByRole("link", { name: /^Sipho Dube, / }).click();
  await page.waitForURL(/\/b\//);
  expect(await heading(page)).toBe("You are booked");
  expect(complaints).toEqual([]);
  await context.close();
});

test("a third person has a line of their own, and a name that is missing is asked for at its field", async () => {
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await withSomebody(page, 4, 4);
  await page.getByRole("button", { name: "Find times for everybody" }).click();
  expect(await page.title()).toMatch(/^Error: /);
  expect((await page.getByRole("alert").textContent()) ?? "").toContain("Enter who else is coming");
  await page.getByLabel("Who else is coming?").fill("Sipho Dube");
  await page.getByRole("button", { name: "Add another person" }).click();
  expect(await page.getByLabel("Who else is coming?").inputValue()).toBe("Sipho Dube");
  await page.getByLabel("Person 3").fill("Lerato Dube");
  await page.getByRole("button", { name: "Find times for everybody" }).click();
  await page
    .getByRole("button", { name: /^Keep / })
    .first()
    .click();
  await page.waitForURL(/\/check$/);
  await page.getByRole("button", { name: "Book for 3 people" }).click();
  await page.waitForURL(/\/b\//);
  await context.close();
});

test("times that are let go before they are booked cost no word that was typed", async () => {
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await withSomebody(page, 5, 4);
  await page.getByLabel("Who else is coming?").fill("Sipho Dube");
  await page.getByRole("button", { name: "Find times for everybody" }).click();
  await page
    .getByRole("button", { name: /^Keep / })
    .first()
    .click();
  await page.waitForURL(/\/check$/);
  // By themselves they are held for ten minutes.
  await clinic.guest.public.booking.releaseHold.mutate({ token: tokenOf(page) });
  await page.getByRole("button", { name: "Book for 2 people" }).click();
  const { title, buttons } = await alertOf(page);
  expect(title).toBe("We could not keep these times any longer");
  expect(buttons).toHaveLength(3);

  await page.getByRole("button", { name: buttons[0] }).click();
  await page.waitForURL(/\/family\?again$/);
  expect(await page.getByLabel("Your name").inputValue()).toBe("Nomsa Dube");
  expect(await page.getByLabel("Who else is coming?").inputValue()).toBe("Sipho Dube");
  await page.getByRole("button", { name: "Find times for everybody" }).click();
  await page
    .getByRole("button", { name: /^Keep / })
    .first()
    .click();
  await page.getByRole("button", { name: "Book for 2 people" }).click();
  await page.waitForURL(/\/b\//);
  expect(await heading(page)).toBe("You are booked");
  await context.close();
});

test("a browser holds one time: a second one lets the first go", async () => {
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await page.goto(times(6));
  const [first, second] = [await clockAt(page, 2), await clockAt(page, 6)];
  await take(page, first);
  const cookie = (await context.cookies()).find(({ name }) => name === "pc_holder");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  await page.goto(times(6));
  expect(await page.locator(`input[data-time="${first}"]`).count()).toBe(0);
  await take(page, second);
  await page.goto(times(6));
  expect(await page.locator(`input[data-time="${first}"]`).count()).toBe(1);
  expect(await page.locator(`input[data-time="${second}"]`).count()).toBe(0);
  await context.close();
});
