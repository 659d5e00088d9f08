import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launch } from "../support/browser.ts";
import { testLooks } from "../support/looks.ts";
import { PORTAL, signInToPortal, untilLive } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Opens the agenda of the next day that has a booking to come, and that booking. */
async function openABooking(page: Page): Promise<void> {
  await page.goto(`${PORTAL}/agenda`);
  const booking = page.locator("[data-booking]", { hasText: "Confirmed" }).locator("visible=true");
  for (let day = 0; day < 14 && (await booking.count()) === 0; day++) {
    const heading = await page.getByRole("heading", { level: 1 }).textContent();
    await page.getByRole("link", { name: /^Day after/ }).click();
    await page
      .getByRole("heading", { level: 1 })
      .filter({ hasNotText: heading ?? "" })
      .waitFor();
  }
  await booking.first().click();
  await page.locator("[data-drawer]").waitFor();
}

/** A time that nobody works at: two in the morning, three days from now, with the doctor that Book would book. */
async function nightTime(page: Page): Promise<{ practitionerId: string; start: string }> {
  const href = await page.getByRole("link", { name: "Book", exact: true }).getAttribute("href");
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const practitionerId = new URL(href ?? "", page.url()).searchParams.get("with") ?? "";
  return { practitionerId, start: `${day}T00:00:00.000Z` };
}

/** Every screen and state of the face. */
async function* screens(page: Page): AsyncGenerator<string> {
  await page.goto(`${PORTAL}/sign-in`);
  yield "sign-in";
  await page.getByLabel("Email").fill("nobody@example.com");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  yield "sign-in refused";
  await page.goto(`${PORTAL}/verify/${"x".repeat(43)}`);
  yield "verify";
  await page.getByRole("button", { name: "Confirm my address" }).click();
  await page.getByRole("alert").waitFor();
  yield "verify refused";
  await signInToPortal(page);
  await untilLive(page);
  yield "today";
  await openABooking(page);
  yield "booking";
  await page.getByRole("link", { name: "Cancel booking" }).click();
  await page.getByRole("alertdialog").waitFor();
  yield "cancel";
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Move to…" }).click();
  await page
    .getByRole("dialog", { name: /^Move / })
    .getByRole("radio")
    .first()
    .waitFor();
  yield "move";
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Close this booking" }).click();
  await page.locator("[data-drawer]").waitFor({ state: "detached" });
  yield "agenda";
  const explained = new URL(page.url());
  const { practitionerId, start } = await nightTime(page);
  explained.searchParams.set("at", start);
  explained.searchParams.set("with", practitionerId);
  await page.goto(explained.href);
  await page.locator('[data-explain="blocked"]').waitFor();
  await page.getByText("Book anyway", { exact: true }).click();
  await untilLive(page);
  yield "explain";
  await page.getByRole("button", { name: /anyway$/ }).click();
  await page.getByRole("alert").waitFor();
  yield "book anyway with errors";
  await page.goto(`${PORTAL}/agenda?view=week`);
  await untilLive(page);
  yield "week";
  await page.goto(`${PORTAL}/waitlist?add=1`);
  await untilLive(page);
  yield "waitlist";
  await page.goto(`${PORTAL}/settings/rooms`);
  await untilLive(page);
  yield "rooms";
  await page.goto(`${PORTAL}/settings/hours`);
  await untilLive(page);
  yield "hours";
  await page.getByRole("button", { name: "Add a date" }).click();
  await page.getByLabel("Monday, hours 1, opens").fill("late");
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByRole("alert").waitFor();
  yield "hours with errors";
  await page.goto(`${PORTAL}/settings/services`);
  await untilLive(page);
  yield "services";
  await page.getByRole("link", { name: "New service" }).click();
  await page.getByText("Lengths, limits, seats, rooms and dates").click();
  yield "service rules";
  await page.getByRole("button", { name: "Save service" }).click();
  await page.getByRole("alert").waitFor();
  yield "service with errors";
  await page.goto(`${PORTAL}/settings/calendars`);
  await untilLive(page);
  yield "calendars";
  await page.goto(`${PORTAL}/no-such-page`);
  yield "missing";
}

testLooks({
  face: "portal",
  browser: () => browser,
  screens,
  pictured: ["today", "booking", "explain", "week", "hours"],
  signIn: signInToPortal,
  addresses: [
    "",
    "/agenda",
    "/agenda?view=week",
    "/waitlist?add=1",
    "/settings/rooms",
    "/settings/hours",
    "/settings/services?edit=new",
    "/settings/calendars",
    "/sign-in",
  ].map((path) => `${PORTAL}${path}`),
});
