import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../support/browser.ts";
import { type Desk, openDesk, signInAtDesk } from "./steps-agenda.ts";

let browser: Browser;
let desk: Desk;
beforeAll(async () => {
  [browser, desk] = await Promise.all([launch(), openDesk("Waiting Room")]);
});
afterAll(() => browser.close());

const mainText = async (page: Page) => (await page.locator("main").textContent()) ?? "";

test("a time that only somebody without mail wants appears by itself, is offered by hand, and their yes books it", async () => {
  const { clinic, at, book } = desk;
  const start = at(2, "10:00");
  const bookingId = await book("Zanele Khumalo", start);
  const { page, context, complaints } = await signInAtDesk(browser, desk, "/waitlist");
  await page.getByRole("link", { name: "Add a person" }).first().click();
  await page.getByLabel("Patient's name").fill("Gogo Mthembu");
  await page.getByLabel("Cell number").fill("082 123 4567");
  await page.getByRole("button", { name: "Put on the list" }).click();
  await page.getByText("1 person waits").waitFor();

  await clinic.owner.staff.bookings.cancel.mutate({ bookingId, key: crypto.randomUUID() });
  const offer = page.getByRole("button", { name: "Offer to Gogo Mthembu" });
  await offer.waitFor();
  expect(await mainText(page)).toContain("no mail reaches them: call");
  await offer.click();
  await page.getByText(/Kept for Gogo Mthembu until \d\d:\d\d/).waitFor();

  await page.getByRole("button", { name: "They take it" }).click();
  await page.getByText("Nobody is waiting.").waitFor();
  const day = await clinic.owner.staff.bookings.day.query({ date: clinic.day(2) });
  const booked = day.filter(({ state }) => state === "confirmed");
  expect(booked.map((one) => [one.patientName, one.start])).toEqual([["Gogo Mthembu", start]]);
  expect(complaints).toEqual([]);
  await context.close();
});
