import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkFromMail } from "../portal/steps.ts";
import { launch, openPage, PHONE } from "../support/browser.ts";
import { type OwnClinic, openClinic } from "./own-clinic.ts";
import { untilOffered } from "./screens.ts";

let browser: Browser;
let clinic: OwnClinic;
let service: string;
beforeAll(async () => {
  [browser, clinic] = await Promise.all([launch(), openClinic("Patient Waiting")]);
  service = await clinic.addService();
});
afterAll(() => browser.close());

const NO_SCRIPT: BrowserContextOptions = { ...PHONE, javaScriptEnabled: false };
const mainText = async (page: Page) => (await page.locator("main").textContent()) ?? "";
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();

/** Somebody has a time on that day. */
async function bookedTime(day: number): Promise<{ token: string; start: Date }> {
  const asked = { serviceId: service, who: "any", from: clinic.day(day), days: 1 };
  const { days } = await clinic.guest.public.booking.times.query(asked);
  const start = days[0]?.times[6]?.start;
  if (!start) throw new Error("the day has too few times");
  const person = { name: "Zanele Khumalo", email: "zanele@example.com" };
  const { token } = await clinic.guest.public.booking.book.mutate({
    serviceId: service,
    who: "any",
    start,
    ...person,
    key: crypto.randomUUID(),
  });
  return { token, start };
}

/** What the service asks from now on: one question that must be answered, or nothing. */
async function ask(questions: { kind: "yes_no"; label: string; options: string[]; required: boolean }[]) {
  const { version } = await clinic.owner.staff.questions.list.query({ serviceId: service });
  const input = { serviceId: service, version, questions, key: crypto.randomUUID() };
  await clinic.owner.staff.questions.save.mutate(input);
}

async function join(page: Page, email: string): Promise<void> {
  await page.goto(`${clinic.url}/book/${service}/any`);
  await page.getByRole("link", { name: "Join the waitlist" }).click();
  await page.getByLabel("Your name").fill("Lerato Dube");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Join the waitlist" }).click();
  await page.waitForURL(/\/w\//);
}

test("without JavaScript: join, keep what was typed through an error, see the place, leave", async () => {
  const { page, context } = await openPage(browser, NO_SCRIPT);
  await page.goto(`${clinic.url}/waitlist/${service}`);
  await page.getByLabel("Your name").fill("Lerato Dube");
  await page.getByRole("checkbox", { name: "Monday" }).check();
  await page.getByRole("checkbox", { name: "Morning" }).check();
  await page.getByRole("button", { name: "Join the waitlist" }).click();
  expect(await page.title()).toMatch(/^Error: /);
  expect(await page.getByLabel("Your name").inputValue()).toBe("Lerato Dube");
  expect(await page.getByRole("checkbox", { name: "Monday" }).isChecked()).toBe(true);

  await page.getByLabel("Cell number").fill("082 123 4567");
  await page.getByRole("button", { name: "Join the waitlist" }).click();
  await page.waitForURL(/\/w\//);
  expect(await heading(page)).toBe("You are on the waitlist");
  expect(await mainText(page)).toContain("Mon, mornings");
  await page.getByRole("button", { name: "Leave the waitlist" }).click();
  await page.waitForURL(/\/w\//);
  expect(await heading(page)).toBe("You are off the waitlist");
  await context.close();
});

test("a time that comes free is offered by mail, kept, and booked with one press once the clinic's question is answered", async () => {
  const { token, start } = await bookedTime(3);
  await ask([{ kind: "yes_no", label: "Any allergies?", options: [], required: true }]);
  const { page, context } = await openPage(browser, NO_SCRIPT);
  const email = "waiting-one@people.example";
  await join(page, email);
  const place = page.url();
  await clinic.guest.patient.booking.cancel.mutate({ token, key: crypto.randomUUID() });
  const offer = await linkFromMail(email, /We keep it for you until[\s\S]*?\/w\/[\w-]{22}/);
  expect(offer).toContain(new URL(place).pathname);
  await untilOffered(page);
  expect(await heading(page)).toBe("A time came free for you");
  expect(await mainText(page)).toMatch(/We keep it for you until \d\d:\d\d/);

  // Nobody else can have it meanwhile.
  expect(await isFree(3, start)).toBe(false);
  await page.getByRole("button", { name: "Yes, book it" }).click();
  expect(await page.title()).toMatch(/^Error: /);
  expect(await page.getByRole("alert").textContent()).toContain("Any allergies? Please answer this question");
  await page.getByRole("radio", { name: "No", exact: true }).check();
  await page.getByRole("button", { name: "Yes, book it" }).click();
  await page.waitForURL(/\/b\//);
  await ask([]);
  expect(await heading(page)).toBe("You are booked");
  expect(await mainText(page)).toContain("Lerato Dube");
  await page.goto(place);
  expect(page.url()).toMatch(/\/b\//);
  await context.close();
});

test("whoever says no stays on the list, and the time is free for others", async () => {
  const { token, start } = await bookedTime(5);
  const { page, context } = await openPage(browser, NO_SCRIPT);
  const email = "waiting-two@people.example";
  await join(page, email);
  await clinic.guest.patient.booking.cancel.mutate({ token, key: crypto.randomUUID() });
  await untilOffered(page);
  await page.getByRole("button", { name: "No, keep me on the list" }).click();
  await page.waitForURL(/\/w\//);
  expect(await heading(page)).toBe("You are on the waitlist");
  await expect.poll(() => isFree(5, start), { timeout: 20_000, interval: 250 }).toBe(true);
  await context.close();
});

async function isFree(day: number, start: Date): Promise<boolean> {
  const asked = { serviceId: service, who: "any", from: clinic.day(day), days: 1 };
  const { days } = await clinic.guest.public.booking.times.query(asked);
  return days[0]?.times.some((each) => each.start.getTime() === start.getTime()) ?? false;
}
