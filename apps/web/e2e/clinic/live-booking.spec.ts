import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, launch, openPage } from "../support/browser.ts";
import { type OwnClinic, openClinic } from "./own-clinic.ts";
import { idOf, moveByClinic } from "./screens.ts";
import { MAILBOX } from "./steps.ts";

let browser: Browser;
let clinic: OwnClinic;
beforeAll(async () => {
  [browser, clinic] = await Promise.all([launch(), openClinic("Open Pages")]);
});
afterAll(() => browser.close());

const key = () => crypto.randomUUID();
const person = { name: "Lerato Dube", email: MAILBOX };
const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const spoken = (page: Page) => page.locator("[data-live-region]").textContent();

async function startOn(serviceId: string, day: number): Promise<Date> {
  const asked = { serviceId, who: "any", from: clinic.day(day), days: 1 };
  const start = (await clinic.guest.public.booking.times.query(asked)).days[0]?.times[6]?.start;
  if (!start) throw new Error("the day has too few times");
  return start;
}

async function booked(serviceId: string, day: number): Promise<string> {
  const choice = { serviceId, who: "any", start: await startOn(serviceId, day), key: key() };
  return (await clinic.guest.public.booking.book.mutate({ ...choice, ...person })).token;
}

/** When the page's heading changes to that, by the clock of this machine; ask before the change is made. */
function momentOf(page: Page, title: string): Promise<number> {
  return page.evaluate(
    (words) =>
      new Promise<number>((resolve) => {
        new MutationObserver(() => {
          if (document.querySelector("h1")?.textContent === words) resolve(Date.now());
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    title,
  );
}

/** The socket of the page is open and asked for. */
async function openLive(token: string) {
  const opened = await openPage(browser);
  const line = opened.page.waitForEvent("websocket");
  await opened.page.goto(`${clinic.url}/b/${token}`);
  await (await line).waitForEvent("framereceived");
  return opened;
}

test("an open booking says within a second that the clinic moved it, keeps focus, and can be kept; then that it is cancelled", async () => {
  const token = await booked(await clinic.addService(), 2);
  const { page, context, complaints } = await openLive(token);
  await page.getByRole("link", { name: "Cancel this booking" }).focus();
  const loads: string[] = [];
  page.on("framenavigated", () => loads.push(page.url()));

  const seen = momentOf(page, "The clinic moved your visit");
  await moveByClinic(clinic, token);
  const answered = Date.now();
  expect((await seen) - answered).toBeLessThan(1_000);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel this booking");
  expect(await spoken(page)).toMatch(/^The clinic moved your visit\. \w{3} \d+ \w{3}, \d\d:\d\d to \d\d:\d\d\.$/);
  expect(await page.title()).toMatch(/^The clinic moved your visit/);
  expect(await page.getByText("Changed", { exact: true }).isVisible()).toBe(true);
  expect(await axe(page)).toEqual([]);
  expect(loads).toEqual([]);

  // By key: a finger that was on its way when the page changed presses nothing.
  await page.getByRole("button", { name: /^Keep / }).press("Enter");
  await page.waitForURL(`${clinic.url}/b/${token}`);
  await page.getByRole("heading", { name: "You are booked" }).waitFor();

  await page.getByRole("link", { name: "Cancel this booking" }).focus();
  const bookingId = await idOf(clinic, token);
  await clinic.owner.staff.bookings.cancel.mutate({ bookingId, key: key() });
  await page.getByRole("heading", { name: "This booking is cancelled" }).waitFor();
  // What had focus is gone: the words that say why have it now.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  expect(await page.getByRole("link", { name: "Book another time" }).count()).toBe(1);
  expect(complaints).toEqual([]);
  await context.close();
});

test("an open request says that it was approved, also when its line was cut meanwhile", async () => {
  const token = await booked(await clinic.addService({ name: "By hand", needsApproval: true }), 3);
  const { page, context } = await openPage(browser);
  let cut = false;
  const lines = new Set<{ close(): Promise<void> }>();
  await page.routeWebSocket(/\/ws$/, (line) => {
    if (cut) return void line.close();
    lines.add(line);
    line.connectToServer();
  });
  await page.goto(`${clinic.url}/b/${token}`);
  expect(await heading(page).textContent()).toBe("The clinic has your request");
  cut = true;
  for (const line of lines) await line.close();
  const bookingId = await idOf(clinic, token);
  await clinic.owner.staff.bookings.transition.mutate({ bookingId, to: "confirmed", key: key() });
  expect(await heading(page).textContent()).toBe("The clinic has your request");
  cut = false;
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.getByRole("heading", { name: "You are booked" }).waitFor();
  expect(await page.locator("[data-offline]").isHidden()).toBe(true);
  await context.close();
});

test("an open place on the waitlist becomes the offer, and the booking once it is accepted elsewhere", async () => {
  const service = await clinic.addService({ name: "Waited for" });
  const token = await booked(service, 4);
  const wish = { serviceId: service, who: "any", canCome: [], ...person, key: key() };
  const place = (await clinic.guest.public.waitlist.join.mutate(wish)).token;
  const { page, context, complaints } = await openPage(browser);
  await page.goto(`${clinic.url}/w/${place}`);
  await clinic.guest.patient.booking.cancel.mutate({ token, key: key() });
  await page.getByRole("heading", { name: "A time came free for you" }).waitFor();
  expect(await spoken(page)).toMatch(/^A time came free for you\. We keep it for you until \d\d:\d\d\./);
  await clinic.guest.patient.waitlist.accept.mutate({ token: place, key: key() });
  await page.waitForURL(/\/b\//);
  expect(await heading(page).textContent()).toBe("You are booked");
  expect(complaints).toEqual([]);
  await context.close();
});

test("the front page's next free time goes on to the one after it when somebody takes it", async () => {
  const own = await openClinic("Front Page");
  const service = await own.addService();
  const { page, context, complaints } = await openPage(browser);
  const line = page.waitForEvent("websocket");
  await page.goto(own.url);
  await (await line).waitForEvent("framereceived");
  const card = page.getByRole("link", { name: /^Next free time/ });
  const next = () => page.locator("[data-next]").getAttribute("data-next");
  const [first, words] = [await next(), await card.textContent()];
  await card.focus();
  const choice = { serviceId: service, who: "any", start: new Date(first ?? ""), key: key() };
  await own.guest.public.booking.book.mutate({ ...choice, ...person });
  await expect.poll(next).not.toBe(first);
  expect(Date.parse((await next()) ?? "")).toBeGreaterThan(Date.parse(first ?? ""));
  expect(await card.textContent()).not.toBe(words);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(await card.textContent());
  expect(await spoken(page)).toMatch(/^Next free time: (today|tomorrow) \d\d:\d\d\.$/);
  expect(complaints).toEqual([]);
  await context.close();
});
