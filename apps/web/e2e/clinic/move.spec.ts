import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, openPage, PHONE } from "../support/browser.ts";
import { type OwnClinic, openClinic, ROUND_THE_CLOCK } from "./own-clinic.ts";
import { alertOf, box, clockAt, take, timeBoxes, tokenOf, MAILBOX } from "./steps.ts";

let browser: Browser;
let clinic: OwnClinic;
let service: string;
beforeAll(async () => {
  [browser, clinic] = await Promise.all([launch(), openClinic("Moving Day", ROUND_THE_CLOCK)]);
  service = await clinic.addService({ noticeMinutes: 0 });
});
afterAll(() => browser.close());

const NO_SCRIPT: BrowserContextOptions = { ...PHONE, javaScriptEnabled: false };

/** Books the n-th time of a day, as somebody at home would; answers with the link's secret and the words of its time. */
async function booked(day: number, nth: number) {
  const { days } = await clinic.guest.public.booking.times.query({
    serviceId: service,
    who: "any",
    from: clinic.day(day),
    days: 1,
  });
  const start = days[0]?.times[nth]?.start;
  if (!start) throw new Error("the day has too few times");
  const { token } = await clinic.guest.public.booking.book.mutate({
    serviceId: service,
    who: "any",
    start,
    name: "Lerato Dube",
    email: MAILBOX,
    key: crypto.randomUUID(),
  });
  return { token, start, bookingUrl: `${clinic.url}/b/${token}` };
}

const mainText = async (page: Page) => (await page.locator("main").textContent()) ?? "";
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();
const wordsOf = (start: Date) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Africa/Johannesburg" }).format(
    start,
  );

test("without JavaScript a visit is moved in one step, and its old time is free again", async () => {
  const { start, bookingUrl } = await booked(3, 30);
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await page.goto(bookingUrl);
  await page.getByRole("link", { name: "Move to another time" }).click();
  expect(await mainText(page)).toMatch(/You keep .* until the new time is yours\./);
  const to = await clockAt(page, 40);
  await box(page, to).check();
  await page.getByRole("button", { name: "Move to this time" }).click();
  await page.waitForURL(/\/b\/[^/]+\?moved/);
  expect(await heading(page)).toBe("You are booked");
  expect(await mainText(page)).toContain(`${to} to `);

  const { days } = await clinic.guest.public.booking.times.query({
    serviceId: service,
    who: "any",
    from: clinic.day(3),
    days: 1,
  });
  expect(days[0]?.times.map((each) => each.start.getTime())).toContain(start.getTime());
  await context.close();
});

test.each([
  ["with the island", PHONE, 4],
  ["without JavaScript", NO_SCRIPT, 5],
])(
  "%s: who loses the race for the new time hears first that the old one is kept, then three others",
  async (_how, options, day) => {
    const { start, bookingUrl } = await booked(day, 30);
    const [mover, other] = await Promise.all([openPage(browser, options), openPage(browser)]);
    await mover.page.goto(`${bookingUrl}/move?from=${clinic.day(day)}`);
    await other.page.goto(`${clinic.url}/book/${service}/any?from=${clinic.day(day)}`);
    const clock = await clockAt(mover.page, 36);
    // With the island the box says Taken meanwhile; whoever presses at that very moment sends it all the same.
    await box(mover.page, clock).check();
    await take(other.page, clock);
    await mover.page.locator("[data-book]").click();

    const { title, buttons } = await alertOf(mover.page);
    expect(title).toMatch(`You still have `);
    expect(title).toContain(wordsOf(start));
    expect(await mover.page.getByRole("alert").textContent()).toContain(
      `Someone took ${clock} while you were choosing.`,
    );
    expect(buttons).toHaveLength(3);
    await mover.page.getByRole("button", { name: buttons[0] }).click();
    await mover.page.waitForURL(/\?moved/);
    expect(await mainText(mover.page)).toContain(buttons[0]);
    await Promise.all([mover.context.close(), other.context.close()]);
  },
);

test("the picker of a move follows the day as if one's own visit were not in it", async () => {
  const { start, bookingUrl } = await booked(6, 30);
  const [mover, other] = await Promise.all([openPage(browser), openPage(browser)]);
  await mover.page.goto(`${bookingUrl}/move?from=${clinic.day(6)}`);
  const mine = wordsOf(start);
  expect(await box(mover.page, mine).getAttribute("aria-label")).toMatch(/, yours$/);
  const count = await timeBoxes(mover.page).count();
  await other.page.goto(`${clinic.url}/book/${service}/any?from=${clinic.day(6)}`);
  await take(other.page, await clockAt(other.page, 10));
  await mover.page.locator('input[name="start"][aria-disabled="true"]').waitFor();
  expect(await mover.page.locator('input[name="start"][aria-disabled="true"]').count()).toBe(1);
  expect(await box(mover.page, mine).getAttribute("aria-disabled")).toBeNull();
  expect(await timeBoxes(mover.page).count()).toBe(count);
  expect([...mover.complaints, ...other.complaints]).toEqual([]);
  await Promise.all([mover.context.close(), other.context.close()]);
});

test("a visit the clinic moved is kept with one press", async () => {
  const { token, start, bookingUrl } = await booked(7, 30);
  const bookings = await clinic.owner.staff.bookings.day.query({ date: clinic.day(7) });
  const line = bookings.find((each) => each.start.getTime() === start.getTime());
  if (!line) throw new Error("the clinic does not see the booking");
  const to = new Date(start.getTime() + 60 * 60_000);
  const { id: bookingId, practitionerId, sequence } = line;
  await clinic.owner.staff.bookings.move.mutate({
    bookingId,
    practitionerId,
    sequence,
    start: to,
    key: crypto.randomUUID(),
  });

  const { page, context } = await openPage(browser, NO_SCRIPT);
  await page.goto(bookingUrl);
  expect(await heading(page)).toBe("The clinic moved your visit");
  expect(await page.locator("s").textContent()).toContain(wordsOf(start));
  expect(await page.getByRole("link", { name: "Choose another time" }).getAttribute("href")).toBe(`/b/${token}/move`);
  await page.getByRole("button", { name: /^Keep / }).click();
  await page.waitForURL(bookingUrl);
  expect(await heading(page)).toBe("You are booked");
  expect(await page.locator("s").count()).toBe(0);
  expect(await mainText(page)).toContain(`${wordsOf(to)} to `);
  await context.close();
});

test("too late to move says so and gives the phone's place; the visit stands", async () => {
  const { bookingUrl, token } = await booked(0, 1);
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await page.goto(`${bookingUrl}/move`);
  expect(await heading(page)).toMatch(/^You still have /);
  expect(await mainText(page)).toContain("It is too late to move it here.");
  expect(await timeBoxes(page).count()).toBe(0);
  expect(tokenOf(page)).toBe(token);
  await page.goto(`${bookingUrl}/cancel`);
  expect(await mainText(page)).toContain("It is too late to cancel here.");
  await context.close();
});
