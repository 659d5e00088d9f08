import { formatWhen } from "@pulsecal/core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, openPage, PHONE, picture } from "../support/browser.ts";
import { ask } from "../support/http.ts";
import { troubleOf } from "../support/looks.ts";
import { shiftsOf, watchShifts } from "../support/shifts.ts";
import { type Desk, openDesk, signInAtDesk } from "./steps-agenda.ts";

let browser: Browser;
let desk: Desk;
let serviceId: string;
beforeAll(async () => {
  [browser, desk] = await Promise.all([launch(), openDesk("Today answers")]);
  serviceId = await desk.clinic.addService({ name: "Second opinion", needsApproval: true });
});
afterAll(() => browser.close());

const key = () => crypto.randomUUID();

/** A patient asks for a time of the service that the clinic answers by hand. */
async function request(name: string, clock: string, day = 2) {
  const start = desk.at(day, clock);
  // A mailbox of their own: one gets only so many mails an hour.
  const wish = { serviceId, who: desk.doctor.id, start, name, email: `${key()}@example.com` };
  const { token } = await desk.clinic.guest.public.booking.book.mutate({ ...wish, key: key() });
  const state = async () => (await desk.clinic.guest.patient.booking.get.query({ token })).state;
  const cancel = () => desk.clinic.guest.patient.booking.cancel.mutate({ token, key: key() });
  return { about: `${name}, ${formatWhen(+start, "Africa/Johannesburg")}`, state, cancel };
}

/** Every twenty minutes from eight. */
const clockOf = (n: number): string => {
  const minute = 8 * 60 + n * 20;
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
};

test("requests are answered on Today: what arrives waits behind a button, and every answer keeps its row", async () => {
  const [lerato, sipho] = [await request("Lerato Dube", "09:00"), await request("Sipho Nel", "10:00")];
  const { page, context, complaints } = await signInAtDesk(browser, desk, "");
  const needs = page.getByRole("region", { name: "Needs you" });
  const approve = needs.getByRole("button", { name: `Approve ${lerato.about}` });
  await approve.focus();
  expect(await page.title()).toMatch(/^\(2\) Today/);
  await watchShifts(page, "[data-live-line]");

  // Fifty changes: as many requests come and go, five of them stay.
  for (let n = 0; n < 27; n++) {
    const arrived = await request(`Burst ${n}`, clockOf(n), 3);
    if (n >= 5) await arrived.cancel();
  }
  await page.locator("[data-live-line]", { hasText: "Burst 26 cancelled" }).waitFor();
  await needs.getByRole("button", { name: "5 new" }).waitFor();
  // Another desk answers one of those on screen.
  const other = desk.clinic.owner.staff;
  const { requests } = await other.today.query();
  const bookingId = requests.find(({ patientName }) => patientName === "Sipho Nel")?.id ?? "";
  await other.bookings.transition.mutate({ bookingId, to: "declined", key: key() });
  const rowOf = (name: string) => needs.getByRole("listitem").filter({ hasText: name });
  await rowOf("Sipho Nel").getByText("Declined", { exact: true }).waitFor();
  expect(await sipho.state()).toBe("declined");
  expect(await needs.getByRole("listitem").count()).toBe(2);
  expect(await shiftsOf(page)).toEqual([]);

  expect(await approve.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  await rowOf("Lerato Dube").getByText("Confirmed", { exact: true }).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === "Lerato Dube");
  await page.locator("[data-live-line]", { hasText: "Lerato Dube approved" }).waitFor();
  expect(await lerato.state()).toBe("confirmed");

  await needs.getByRole("button", { name: "5 new" }).click();
  await page.waitForFunction(() => document.activeElement?.textContent === "Burst 0 asks for a time");
  expect(await needs.getByRole("listitem").count()).toBe(5);
  const decline = needs.getByRole("link", { name: /^Decline Burst 0,/ });
  await decline.click();
  const question = page.getByRole("alertdialog", { name: "Decline this request?" });
  await question.waitFor();
  expect(await troubleOf(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label")?.startsWith("Decline Burst 0,"));
  expect(await troubleOf(page, (look) => picture(page, `portal-requests-${look}`))).toEqual([]);
  await decline.click();
  await question.getByRole("button", { name: "Decline request" }).click();
  await rowOf("Burst 0").getByText("Declined", { exact: true }).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === "Burst 0");

  // Leave laid over a booking, and a time kept for somebody who waited for one.
  const under = await desk.book("Under Leave", desk.at(4, "10:00"));
  const span = { startsAt: desk.at(4, "09:00"), endsAt: desk.at(4, "11:00") };
  const { leave } = await other.leave.save.mutate({
    practitionerId: desk.doctor.id,
    ...span,
    kind: "leave",
    key: key(),
  });
  const freed = await desk.book("Gives Back", desk.at(5, "10:00"));
  const waits = { serviceId: desk.serviceId, who: "any" as const, canCome: [], email: "zanele@example.com" };
  await desk.clinic.guest.public.waitlist.join.mutate({ ...waits, name: "Zanele Nkosi", key: key() });
  await other.bookings.cancel.mutate({ bookingId: freed, key: key() });
  await needs.getByRole("button", { name: "2 new" }).click();
  const settle = needs.getByRole("link", { name: /Leave of Dr Lindiwe Cele from .*: 1 booking to settle\./ });
  await settle.waitFor();
  await needs.getByRole("link", { name: /is kept for Zanele Nkosi until \d\d:\d\d\./ }).waitFor();
  await other.leave.keep.mutate({ leaveId: leave.id, bookingId: under, key: key() });
  await settle.getByText("Settled.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("without JavaScript a request is answered by its form, and the page says what became of it", async () => {
  const { about, state } = await request("Paper Trail", "15:00");
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  await page.goto(`${desk.clinic.url}/portal`);
  await page.getByLabel("Email").fill(`owner@${new URL(desk.clinic.url).hostname.split(".")[0]}.example`);
  await page.getByLabel("Password").fill("moss kettle lantern nine");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: `Decline ${about}` }).click();
  await page.getByRole("button", { name: "Decline request" }).click();
  await page.getByRole("listitem").filter({ hasText: "Paper Trail" }).getByText("Declined", { exact: true }).waitFor();
  expect(await state()).toBe("declined");
  await context.close();
});

test("a calendar's address is made, copied, hidden again, and ends for good when it is stopped", async () => {
  const { page, context, complaints } = await signInAtDesk(browser, desk, "/settings/calendars");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const card = page.getByRole("region", { name: desk.doctor.name });
  await card.getByRole("button", { name: /^Make an address/ }).press("Enter");
  const field = card.getByRole("textbox", { name: "Your new address" });
  await field.waitFor();
  const address = await field.inputValue();
  expect(address).toMatch(/\/feeds\/[\w-]{22}\.ics$/);
  expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
  await card.getByRole("button", { name: "Copy" }).click();
  await card.getByRole("button", { name: "Copied" }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  expect((await ask(address)).status).toBe(200);
  expect(await troubleOf(page)).toEqual([]);

  const secret = address.split("/").at(-1) ?? "";
  expect(await (await page.reload())?.text()).not.toContain(secret);
  await card.getByRole("button", { name: /^Show the address/ }).click();
  expect(await card.getByRole("textbox", { name: "Your address" }).inputValue()).toBe(address);

  const stop = card.getByRole("link", { name: /^Stop my address/ });
  await stop.click();
  const question = page.getByRole("alertdialog", { name: "Stop your address?" });
  await question.getByRole("link", { name: "Keep it" }).click();
  await question.waitFor({ state: "detached" });
  await stop.click();
  await question.getByRole("button", { name: "Stop it" }).click();
  await page.getByText("Stopped. Calendar apps get nothing more", { exact: false }).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === "Make an address");
  expect((await ask(address)).status).toBe(404);
  expect(complaints).toEqual([]);
  await context.close();
});
