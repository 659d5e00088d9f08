import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOf } from "../support/api.ts";
import { hosts, launch, openPage, PHONE, picture } from "../support/browser.ts";
import { ask } from "../support/http.ts";
import { holdAndType, openTimes, pressBook, timeBoxes } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const NO_SCRIPT = { ...PHONE, javaScriptEnabled: false };

describe("a patient without JavaScript", () => {
  test("books, keeps the proof and cancels", async () => {
    const { page, context } = await openPage(browser, NO_SCRIPT);
    await openTimes(page, "any", 3);
    await holdAndType(page, 0);
    await pressBook(page);
    await page.waitForURL(/\/b\//);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You are booked");
    const calendar = await ask(`${page.url()}/calendar.ics`);
    expect(calendar.headers["content-type"]).toBe("text/calendar; charset=utf-8");
    expect(calendar.headers["content-disposition"]).toMatch(/^attachment; filename="[\w.-]+\.ics"$/);
    expect(calendar.body.toString()).toMatch(/^BEGIN:VCALENDAR/);

    await page.getByRole("link", { name: "Cancel this booking" }).click();
    await page.getByRole("button", { name: "Yes, cancel it" }).click();
    await page.waitForURL(/\/b\/[^/]+$/);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("This booking is cancelled");
    await context.close();
  });

  test("keeps what was typed when something is missing, and when asking for five minutes more", async () => {
    const { page, context } = await openPage(browser, NO_SCRIPT);
    await openTimes(page, "any", 3);
    await timeBoxes(page).nth(1).check();
    await page.locator("[data-book]").click();
    await page.waitForURL(/\/hold\//);
    await page.getByLabel("Reason").fill("My back hurts");
    await pressBook(page);
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.getByRole("alert").textContent()).toContain("Enter your name");
    expect(await page.getByLabel("Reason").inputValue()).toBe("My back hurts");

    const heldTo = await page.getByRole("timer").textContent();
    await page.getByRole("button", { name: "5 min more" }).click();
    expect(await page.getByLabel("Reason").inputValue()).toBe("My back hurts");
    expect(await page.getByRole("timer").textContent()).not.toBe(heldTo);
    await context.close();
  });

  test("who loses a race is told so, with the nearest times", async () => {
    const slow = await openPage(browser, NO_SCRIPT);
    const fast = await openPage(browser, NO_SCRIPT);
    const address = await openTimes(slow.page, /Mokoena/, 3);
    await fast.page.goto(address);
    const clock = await timeBoxes(slow.page).nth(4).getAttribute("data-time");
    await slow.page.locator(`[data-time="${clock}"]`).check();
    await fast.page.locator(`[data-time="${clock}"]`).check();
    await fast.page.locator("[data-book]").click();
    await fast.page.waitForURL(/\/hold\//);
    await slow.page.locator("[data-book]").click();
    const alert = await slow.page.getByRole("alert").textContent();
    expect(alert).toContain(`Someone took ${clock} while you were choosing.`);
    expect(alert).toMatch(/\d\d:\d\d.* free\./);
    expect(await slow.page.locator(`[data-time="${clock}"]`).count()).toBe(0);
    await Promise.all([slow.context.close(), fast.context.close()]);
  });
});

describe("a patient with the island", () => {
  test("holds, asks for five minutes more in place, and books", async () => {
    const { page, context, complaints } = await openPage(browser);
    await openTimes(page, "any", 2);
    await timeBoxes(page).nth(2).check();
    expect(await page.locator("[data-book]").textContent()).toMatch(/^Book \w{3} \d+ \w{3}, \d\d:\d\d$/);
    await holdAndType(page, 2);
    const before = await page.locator("[data-hold-until]").textContent();
    await page.getByRole("button", { name: "5 min more" }).click();
    await page.locator("[data-hold-until]", { hasNotText: before ?? "" }).waitFor();
    expect(await page.getByLabel("Your name").inputValue()).toBe("Lerato Dube");
    await picture(page, "clinic-details-phone");
    await pressBook(page);
    await page.waitForURL(/\/b\//);
    expect(await page.getByText("Lerato Dube").count()).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("who has booked another visit at that time is told so, and keeps both", async () => {
    const sunrise = hosts.clinic("sunrise");
    const guest = apiOf(sunrise);
    const { services } = await guest.public.booking.catalog.query();
    const [service] = services;
    const [one, other] = service?.practitionerIds ?? [];
    if (!service || !one || !other) throw new Error("the demo has a service of two doctors");
    const daysOf = async (who: string) => (await guest.public.booking.times.query({ serviceId: service.id, who })).days;
    const [ones, others] = await Promise.all([daysOf(one), daysOf(other)]);
    const free = new Set(others.flatMap((day) => day.times.map(({ start }) => start.getTime())));
    const both = ones.flatMap(({ date, times }) => times.map(({ start }) => ({ date, start })));
    const found = both.find(({ start }) => free.has(start.getTime()));
    if (!found) throw new Error("the two are never free together");
    const { date, start } = found;
    const { page, context } = await openPage(browser);
    const book = async (who: string) => {
      await page.goto(`${sunrise}/book/${service.id}/${who}?day=${date}`);
      await page.locator(`input[value="${start.toISOString()}"]`).check();
      await page.locator("[data-book]").click();
      await page.getByLabel("Your name").fill("Lerato Dube");
      await page.getByLabel("Email").fill("lerato.twice@example.com");
      await pressBook(page);
      await page.waitForURL(/\/b\//);
    };
    await book(other);
    expect(await page.locator("main").textContent()).not.toContain("another booking");
    // Only the browser that made the first is told: whoever types somebody's address learns nothing of them.
    await book(one);
    expect(await page.locator("main").textContent()).toContain("You have another booking here at this time");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You are booked");
    await context.close();
  });

  test("Enter in a field books; it does not ask for five minutes more", async () => {
    const { page, context } = await openPage(browser);
    await openTimes(page, "any", 2);
    await holdAndType(page, 4);
    await page.getByLabel("Your name").press("Enter");
    await page.waitForURL(/\/b\//);
    await context.close();
  });
});
