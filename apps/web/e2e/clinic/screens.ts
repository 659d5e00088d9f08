import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { openPage } from "../support/browser.ts";
import type { OwnClinic } from "./own-clinic.ts";
import { alertOf, clockAt, pressBook, take, timeBoxes, tokenOf } from "./steps.ts";

const key = () => crypto.randomUUID();

/** A clinic with something of everything: questions, several lengths, a class, and a service answered by hand. */
async function furnish(clinic: OwnClinic): Promise<{ plain: string; byHand: string; group: string }> {
  const plain = await clinic.addService({ name: "Check-up", otherMinutes: [40] });
  const { version } = await clinic.owner.staff.questions.list.query({ serviceId: plain });
  const questions = [
    { kind: "choice" as const, label: "Which knee?", options: ["Left", "Right", "Both"], required: true },
    { kind: "date" as const, label: "Since when does it hurt?", options: [], required: false },
    { kind: "text" as const, label: "Which pills do you take?", options: [], required: false },
  ];
  await clinic.owner.staff.questions.save.mutate({ serviceId: plain, version, questions, key: key() });
  const byHand = await clinic.addService({ name: "Second opinion", needsApproval: true });
  const group = await clinic.addService({ name: "Antenatal class", minutes: 60, intervalMinutes: 60, seats: 8 });
  return { plain, byHand, group };
}

/** Every screen a patient can meet at such a clinic, with the states that are easily forgotten; each by its name. */
export async function* depthScreens(browser: Browser, page: Page, clinic: OwnClinic): AsyncGenerator<string> {
  const { plain, byHand, group } = await furnish(clinic);
  const timesOf = (service: string, day: number) => `${clinic.url}/book/${service}/any?from=${clinic.day(day)}`;

  await page.goto(timesOf(group, 2));
  yield "class";
  await page.goto(timesOf(plain, 2));
  const other = await openPage(browser);
  await other.page.goto(timesOf(plain, 2));
  const clock = await clockAt(page, 4);
  await timeBoxes(page).nth(4).check();
  await take(other.page, clock);
  await page.locator("[data-said]:not(.hidden)").waitFor();
  yield "taken";
  await page.locator("[data-book]").click();
  await alertOf(page);
  yield "taken-three";
  await page.getByRole("alert").getByRole("button").first().click();
  await page.waitForURL(/\/hold\//);
  yield "questions";
  await page.getByLabel("Your name").fill("Nomsa Dube");
  await page.getByLabel("Email").fill("nomsa@example.com");
  await pressBook(page);
  yield "questions-error";
  await page.getByRole("radio", { name: "Left" }).check();
  await clinic.guest.public.booking.releaseHold.mutate({ token: tokenOf(page) });
  await pressBook(page);
  await alertOf(page);
  yield "lapsed";
  await page.getByRole("alert").getByRole("button").first().click();
  await page.waitForURL(/\/b\//);
  yield "booked";
  const own = page.url();
  await page.getByRole("link", { name: "Move to another time" }).click();
  yield "move";
  await page.goto(`${own}/calendar`);
  await page.getByRole("button", { name: "Make an address" }).click();
  await page.getByLabel("Address").waitFor();
  yield "calendar";
  await moveByClinic(clinic, tokenOf(page));
  await page.goto(own);
  yield "moved-by-clinic";

  await page.goto(timesOf(plain, 3));
  await take(page, await clockAt(page, 4));
  await page.getByLabel("Your name").fill("Nomsa Dube");
  await page.getByLabel("Cell number").fill("082 123 4567");
  await page.getByRole("radio", { name: "Right" }).check();
  await page.getByRole("button", { name: "Someone else too" }).click();
  yield "family";
  await page.getByLabel("Who else is coming?").fill("Sipho Dube");
  await page.getByRole("button", { name: "Find times for everybody" }).click();
  yield "family-times";
  await page
    .getByRole("button", { name: /^Keep / })
    .first()
    .click();
  await page.waitForURL(/\/check$/);
  yield "check";
  const asked = page.getByRole("region", { name: "The clinic asks about Sipho Dube" });
  await asked.getByRole("radio", { name: "Left" }).check();
  await page.getByRole("button", { name: "Book for 2 people" }).click();
  await page.waitForURL(/\/b\//);
  yield "family-booked";

  await page.goto(timesOf(byHand, 4));
  await take(page, await clockAt(page, 4));
  await page.getByLabel("Your name").fill("Nomsa Dube");
  await page.getByLabel("Email").fill("nomsa@example.com");
  await pressBook(page);
  await page.waitForURL(/\/b\//);
  yield "requested";
  const request = tokenOf(page);
  await clinic.owner.staff.bookings.transition.mutate({
    bookingId: await idOf(clinic, request),
    to: "declined",
    key: key(),
  });
  await page.getByRole("heading", { name: "The clinic could not take this booking" }).waitFor();
  yield "declined";

  await page.goto(`${clinic.url}/waitlist/${plain}`);
  yield "waitlist";
  await page.getByLabel("Your name").fill("Nomsa Dube");
  await page.getByLabel("Email").fill("nomsa@example.com");
  await page.getByRole("checkbox", { name: "Morning" }).check();
  await page.getByRole("button", { name: "Join the waitlist" }).click();
  await page.waitForURL(/\/w\//);
  yield "waiting";
  await clinic.guest.patient.booking.cancel.mutate({ token: own.split("/").at(-1) ?? "", key: key() });
  await untilOffered(page);
  yield "offer";
  await other.context.close();
}

/** Looks at one's place on the waitlist until a time is offered there: the worker makes the offer from what came free. */
export async function untilOffered(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.getByRole("heading", { level: 1 }).textContent();
      },
      { timeout: 20_000, interval: 250 },
    )
    .toBe("A time came free for you");
}

/** The booking of a link, as its clinic names it. */
export async function idOf(clinic: OwnClinic, token: string): Promise<string> {
  return (await lineOf(clinic, token)).id;
}

/** Moves a booking three hours on, as its clinic. */
export async function moveByClinic(clinic: OwnClinic, token: string): Promise<void> {
  const { id: bookingId, practitionerId, sequence, start } = await lineOf(clinic, token);
  const to = new Date(start.getTime() + 3 * 60 * 60_000);
  await clinic.owner.staff.bookings.move.mutate({ bookingId, practitionerId, sequence, start: to, key: key() });
}

async function lineOf(clinic: OwnClinic, token: string) {
  const { ref, start } = await clinic.guest.patient.booking.get.query({ token });
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Africa/Johannesburg" }).format(start);
  const line = (await clinic.owner.staff.bookings.day.query({ date })).find((each) => each.ref === ref);
  if (!line) throw new Error(`the clinic does not see ${ref}`);
  return line;
}
