import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, openPage, PHONE } from "../support/browser.ts";
import { type OwnClinic, openClinic } from "./own-clinic.ts";
import { box, clockAt, holdAndType, pressBook, take, timeBoxes, tokenOf, MAILBOX } from "./steps.ts";

let browser: Browser;
let clinic: OwnClinic;
beforeAll(async () => {
  [browser, clinic] = await Promise.all([launch(), openClinic("Good Questions")]);
});
afterAll(() => browser.close());

const NO_SCRIPT: BrowserContextOptions = { ...PHONE, javaScriptEnabled: false };
const key = () => crypto.randomUUID();
const mainText = async (page: Page) => (await page.locator("main").textContent()) ?? "";
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();
const timesOf = (service: string, day: number, more = "") =>
  `${clinic.url}/book/${service}/any?from=${clinic.day(day)}${more}`;

/** The booking of a page, as the clinic sees it. */
async function staffBooking(page: Page, day: number) {
  const ref = await clinic.guest.patient.booking.get.query({ token: tokenOf(page) }).then((booking) => booking.ref);
  const bookings = await clinic.owner.staff.bookings.day.query({ date: clinic.day(day) });
  const found = bookings.find((each) => each.ref === ref);
  if (!found) throw new Error(`the clinic does not see ${ref}`);
  return found;
}

test("a clinic's questions are asked once, kept through an error, and read by the clinic", async () => {
  const service = await clinic.addService({ name: "Knee check" });
  const { version } = await clinic.owner.staff.questions.list.query({ serviceId: service });
  await clinic.owner.staff.questions.save.mutate({
    serviceId: service,
    version,
    key: key(),
    questions: [
      { kind: "choice", label: "Which knee?", options: ["Left", "Right"], required: true },
      { kind: "yes_no", label: "Have you had an operation on it?", options: [], required: true },
      { kind: "date", label: "Since when does it hurt?", options: [], required: false },
      { kind: "text", label: "Which pills do you take?", options: [], required: false },
    ],
  });
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await page.goto(timesOf(service, 2));
  await holdAndType(page, 2);
  await page.getByRole("radio", { name: "Left" }).check();
  await page.getByLabel("Which pills do you take?").fill("Panado");
  await pressBook(page);
  expect(await page.getByRole("alert").textContent()).toContain("Have you had an operation on it?");
  expect(await page.getByRole("radio", { name: "Left" }).isChecked()).toBe(true);
  expect(await page.getByLabel("Which pills do you take?").inputValue()).toBe("Panado");
  await page.getByRole("radio", { name: "No", exact: true }).check();
  await page.getByLabel("Since when does it hurt?").fill("2026-11-01");
  await pressBook(page);
  await page.waitForURL(/\/b\//);

  const { id } = await staffBooking(page, 2);
  const { answers } = await clinic.owner.staff.bookings.answers.query({ bookingId: id });
  expect(answers.map(({ label, answer }) => [label, answer])).toEqual([
    ["Which knee?", "Left"],
    ["Have you had an operation on it?", false],
    ["Since when does it hurt?", "2026-11-01"],
    ["Which pills do you take?", "Panado"],
  ]);
  await context.close();
});

test("a visit booked for somebody else is theirs", async () => {
  const service = await clinic.addService({ name: "Child visit" });
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await page.goto(timesOf(service, 3));
  await holdAndType(page, 2, "Nomsa Dube");
  await page.getByLabel("Who is coming, if not you").fill("Sipho Dube");
  await pressBook(page);
  await page.waitForURL(/\/b\//);
  expect((await staffBooking(page, 3)).patientName).toBe("Sipho Dube");
  await context.close();
});

test("a longer visit has times of its own and is booked at its length", async () => {
  const service = await clinic.addService({ name: "Talk", minutes: 20, otherMinutes: [40] });
  const { page, context } = await openPage(browser);
  await page.goto(timesOf(service, 4));
  const short = await timeBoxes(page).count();
  await page.getByRole("link", { name: "40 minutes" }).click();
  await page.waitForURL(/minutes=40/);
  expect(await page.getByRole("link", { name: "40 minutes" }).getAttribute("aria-current")).toBe("true");
  expect(await timeBoxes(page).count()).toBeLessThan(short);
  const from = await clockAt(page, 0);
  // The live page is of the long visits too: none of them turns to Taken on its first message.
  await take(page, from);
  await page.getByLabel("Your name").fill("Lerato Dube");
  await page.getByLabel("Email").fill(MAILBOX);
  await pressBook(page);
  await page.waitForURL(/\/b\//);
  expect(await mainText(page)).toContain("Talk, 40 minutes");
  await context.close();
});

test("a class says how many seats are left, and takes until the last one is gone", async () => {
  const service = await clinic.addService({ name: "Antenatal class", minutes: 60, intervalMinutes: 60, seats: 2 });
  const { page, context } = await openPage(browser, NO_SCRIPT);
  const book = async (name: string) => {
    await page.goto(timesOf(service, 5));
    await take(page, clock);
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Email").fill("class@example.com");
    await pressBook(page);
    await page.waitForURL(/\/b\//);
  };
  await page.goto(timesOf(service, 5));
  const clock = await clockAt(page, 1);
  expect(await box(page, clock).getAttribute("aria-label")).toMatch(/, 2 seats$/);
  await book("Lerato Dube");
  expect(await mainText(page)).toContain("1 of 2");
  await page.goto(timesOf(service, 5));
  expect(await box(page, clock).getAttribute("aria-label")).toMatch(/, 1 seat$/);
  await book("Zanele Khumalo");
  await page.goto(timesOf(service, 5));
  expect(await box(page, clock).count()).toBe(0);
  await context.close();
});

describe("a service the clinic answers by hand", () => {
  test.each([
    ["confirmed", "You are booked"],
    ["declined", "The clinic could not take this booking"],
  ] as const)("is requested, and then %s", async (to, title) => {
    const service = await clinic.addService({ name: `By hand ${to}`, needsApproval: true });
    const { page, context } = await openPage(browser, NO_SCRIPT);
    await page.goto(timesOf(service, to === "confirmed" ? 6 : 7));
    await holdAndType(page, 3);
    await pressBook(page);
    await page.waitForURL(/\/b\//);
    expect(await heading(page)).toBe("The clinic has your request");
    expect(await mainText(page)).not.toContain("You are booked");
    const { id } = await staffBooking(page, to === "confirmed" ? 6 : 7);
    await clinic.owner.staff.bookings.transition.mutate({ bookingId: id, to, key: key() });
    await page.reload();
    expect(await heading(page)).toBe(title);
    await context.close();
  });
});
