import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch, openPage, PHONE, picture } from "../support/browser.ts";
import { PORTAL, signInToPortal, untilLive } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const DESK = { viewport: { width: 1280, height: 860 } };
const doctor = /Khan/;

async function openHours(page: Page): Promise<void> {
  await signInToPortal(page, "/settings/hours");
  await page.getByRole("navigation", { name: "Doctor" }).getByRole("link", { name: doctor }).click();
  await page.waitForURL(/who=/);
}

const opens = (page: Page) => page.getByLabel("Monday, hours 1, opens");
const save = (page: Page) => page.getByRole("button", { name: "Save hours" });

describe("hours", () => {
  let desk: Awaited<ReturnType<typeof openPage>>;
  beforeEach(async () => {
    desk = await openPage(browser, DESK);
    await openHours(desk.page);
    await untilLive(desk.page);
  });

  test("show their effect while they are typed, and are kept when saved", async () => {
    const { page, context, complaints } = desk;
    const preview = page.getByRole("region", { name: "Patients would see" });
    await page.getByLabel("Monday, hours 1, closes").fill("11:00");
    await preview
      .getByText(/^was \d+$/)
      .first()
      .waitFor();
    await picture(page, "portal-hours-typed");
    await page.getByLabel("Monday, hours 1, closes").fill("12:40");
    await save(page).click();
    await page.getByText(/^Saved at \d\d:\d\d/).waitFor();
    await preview
      .getByText(/^was \d+$/)
      .first()
      .waitFor({ state: "detached" });
    await page.reload();
    expect(await page.getByLabel("Monday, hours 1, closes").inputValue()).toBe("12:40");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("keep what was typed when something is wrong, and lead to it", async () => {
    const { page, context } = desk;
    await opens(page).fill("late");
    await save(page).click();
    const summary = page.getByRole("alert");
    await summary.waitFor();
    expect(await page.title()).toMatch(/^Error: /);
    expect(await summary.evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await opens(page).inputValue()).toBe("late");
    await summary.getByRole("link", { name: "Monday: enter an opening time, like 08:00" }).click();
    expect(await opens(page).evaluate((input) => input === document.activeElement)).toBe(true);
    await context.close();
  });

  test("saved by someone else are not overwritten, and what was typed stays", async () => {
    const { page, context } = desk;
    const second = await context.newPage();
    await second.goto(page.url());
    await untilLive(second);
    await opens(page).fill("09:10");
    await second.getByLabel("Tuesday, hours 1, opens").fill("08:20");
    await save(second).click();
    await second.getByText(/^Saved at/).waitFor();

    await page.getByText(/Someone else changed the hours of/).waitFor();
    expect(await opens(page).inputValue()).toBe("09:10");
    expect(await opens(page).evaluate((input) => input === document.activeElement)).toBe(true);
    await page.getByRole("button", { name: "See change" }).click();
    expect(await page.getByLabel("Tuesday, hours 1, opens").inputValue()).toBe("08:20");
    await context.close();
  });

  test("typed while offline are kept, and the page says why it did not save", async () => {
    const { page, context } = desk;
    await opens(page).fill("08:50");
    await context.setOffline(true);
    await page.getByText("You are offline.", { exact: false }).first().waitFor();
    await save(page).click();
    await page.getByRole("alert").getByText("We could not reach PulseCal.", { exact: false }).waitFor();
    expect(await opens(page).inputValue()).toBe("08:50");
    await context.setOffline(false);
    await untilLive(page);
    await save(page).click();
    await page.getByText(/^Saved at/).waitFor();
    await context.close();
  });

  test("typed but not saved are not left behind without a question", async () => {
    const { page, context } = desk;
    await opens(page).fill("08:40");
    await page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: "Today" }).click();
    const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
    await question.getByRole("button", { name: "Stay here" }).click();
    expect(await opens(page).inputValue()).toBe("08:40");
    await page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: "Today" }).click();
    await question.getByRole("button", { name: "Leave" }).click();
    await page.waitForURL(/\/portal$/);
    await context.close();
  });

  test("of a single date are added, checked and taken away", async () => {
    const { page, context } = desk;
    await page.getByRole("button", { name: "Add a date" }).click();
    expect(await page.getByLabel("Date 1", { exact: true }).evaluate((e) => e === document.activeElement)).toBe(true);
    await save(page).click();
    await page.getByRole("alert").getByText("Choose the date that is different").waitFor();
    await page.getByLabel("Date 1", { exact: true }).fill("2030-12-16");
    await save(page).click();
    await page.getByText(/^Saved at/).waitFor();
    await page.reload();
    expect(await page.getByLabel("Date 1, Monday 16 December").inputValue()).toBe("2030-12-16");
    await page.getByRole("button", { name: "Remove Monday 16 December" }).click();
    const add = page.getByRole("button", { name: "Add a date" });
    expect(await add.evaluate((button) => button === document.activeElement)).toBe(true);
    await save(page).click();
    await page.getByText(/^Saved at/).waitFor();
    await context.close();
  });
});

test("without JavaScript hours are previewed, grown and saved by posting", async () => {
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  await openHours(page);
  await page.getByLabel("Friday, hours 1, opens").fill("10:00");
  await page.getByRole("button", { name: "Preview" }).click();
  expect(await page.getByLabel("Friday, hours 1, opens").inputValue()).toBe("10:00");
  expect(await page.getByRole("region", { name: "Patients would see" }).textContent()).toMatch(/was \d+/);
  await page.getByRole("button", { name: "Add hours on Saturday" }).click();
  expect(await page.getByLabel("Saturday, hours 1, opens").inputValue()).toBe("08:00");
  await page.getByRole("button", { name: "Remove Saturday, hours 1" }).click();
  expect(await page.getByLabel("Saturday, hours 1, opens", { exact: true }).count()).toBe(0);
  await page.getByRole("button", { name: "Add a timetable" }).click();
  expect(await page.getByLabel("Timetable 1, Friday, hours 1, opens").inputValue()).toBe("10:00");
  await page.getByRole("button", { name: "Remove timetable 1", exact: true }).click();
  expect(await page.getByLabel("Timetable 1, first day").count()).toBe(0);
  await save(page).click();
  await page.getByText("Saved. Patients see it now.").waitFor();
  await page.goto(`${PORTAL}/settings/hours?${new URL(page.url()).searchParams.toString()}`);
  expect(await page.getByLabel("Friday, hours 1, opens").inputValue()).toBe("10:00");
  await context.close();
});
