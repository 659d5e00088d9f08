import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTimes, timeBoxes } from "../clinic/steps.ts";
import { launch, openPage, PHONE, picture } from "../support/browser.ts";
import { bookHeld, holdAt, signInToPortal, untilLive } from "./steps.ts";
import { scrollTo } from "./steps-agenda.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const DESK = { viewport: { width: 1280, height: 860 } };

test("a booking made by a patient appears in the doctor's portal by itself, and its time goes from another patient's page", async () => {
  const [desk, patient, other] = await Promise.all([openPage(browser, DESK), openPage(browser), openPage(browser)]);
  // A long name moves nothing either.
  const name = "Palesa Nomathemba Livewire-van der Westhuizen";
  const address = await openTimes(patient.page, /Mokoena/, 3);
  const date = new URL(address).searchParams.get("day") ?? "";
  await other.page.goto(address);
  await signInToPortal(desk.page, `/agenda?date=${date}`);
  await untilLive(desk.page);
  const clock = (await timeBoxes(patient.page).nth(2).getAttribute("data-time")) ?? "";

  // A mark that a reload would wipe out, and where everything stood before.
  await desk.page.evaluate(() => Object.assign(window, { notReloaded: true }));
  const focused = desk.page.locator("[data-booking]").first();
  await focused.focus();
  const places = () =>
    desk.page
      .locator("[data-booking]")
      .evaluateAll((all) => all.map((each) => [each.id, each.getBoundingClientRect().top] as const));
  const before = new Map(await places());

  await holdAt(patient.page, clock);
  await desk.page.locator("[data-booking]", { hasText: "Being booked" }).filter({ hasText: clock }).waitFor();
  await bookHeld(patient.page, name);

  const block = desk.page.locator("[data-booking]", { hasText: name });
  await block.waitFor();
  expect(await block.getByText("New", { exact: true }).count()).toBe(1);
  expect(await block.textContent()).toContain("Confirmed");
  expect(await desk.page.locator("[data-live-line]").textContent()).toMatch(
    new RegExp(`^${clock} ${name} booked by patient`),
  );
  await desk.page
    .locator("[data-announcements]", { hasText: `${clock} ${name} booked by patient` })
    .waitFor({ state: "attached" });
  await picture(desk.page, "portal-agenda-live");

  await other.page.locator(`input[data-time="${clock}"][aria-disabled="true"]`).waitFor();
  expect(await desk.page.evaluate(() => "notReloaded" in window)).toBe(true);
  expect(await focused.evaluate((link) => link === document.activeElement)).toBe(true);
  const after = new Map(await places());
  for (const [id, top] of before) expect(after.get(id)).toBe(top);

  // The mark goes by itself.
  await block.getByText("New", { exact: true }).waitFor({ state: "detached" });
  expect([...desk.complaints, ...patient.complaints, ...other.complaints]).toEqual([]);
  await Promise.all([desk.context.close(), patient.context.close(), other.context.close()]);
});

test("a booking cancelled at the desk frees its time on the patients' pages", async () => {
  const [desk, patient] = await Promise.all([openPage(browser, DESK), openPage(browser)]);
  const address = await openTimes(patient.page, /Mokoena/, 3);
  const date = new URL(address).searchParams.get("day") ?? "";
  const clock = (await timeBoxes(patient.page).nth(4).getAttribute("data-time")) ?? "";
  const watcher = await openPage(browser);
  await watcher.page.goto(address);
  await holdAt(patient.page, clock);
  await bookHeld(patient.page, "Bongani Called-Off");
  await watcher.page.locator(`input[data-time="${clock}"][aria-disabled="true"]`).waitFor();

  await signInToPortal(desk.page, `/agenda?date=${date}`);
  await untilLive(desk.page);
  await (await scrollTo(desk.page, /Bongani Called-Off/)).click();
  await desk.page.getByRole("link", { name: "Cancel booking" }).click();
  const dialog = desk.page.getByRole("alertdialog", { name: "Cancel this booking?" });
  await dialog.getByLabel("Reason (optional)").fill("Doctor is away");
  await dialog.getByRole("button", { name: "Cancel booking" }).click();
  await dialog.waitFor({ state: "detached" });
  await desk.page.locator("[data-drawer]").getByText("Cancelled", { exact: true }).first().waitFor();
  expect(await desk.page.getByRole("link", { name: "Cancel booking" }).count()).toBe(0);

  await watcher.page.locator(`input[data-time="${clock}"]:not([aria-disabled])`).waitFor();
  await patient.page.reload();
  expect(await patient.page.getByRole("heading", { level: 1 }).textContent()).toContain("cancelled");
  expect([...desk.complaints, ...watcher.complaints]).toEqual([]);
  await Promise.all([desk.context.close(), patient.context.close(), watcher.context.close()]);
});

test("what happened while the socket was cut is there when it is back, and its number is said", async () => {
  const [desk, patient] = await Promise.all([openPage(browser, DESK), openPage(browser)]);
  const address = await openTimes(patient.page, /Mokoena/, 4);
  const date = new URL(address).searchParams.get("day") ?? "";
  const [before = "", clock = ""] = await timeBoxes(patient.page).evaluateAll((boxes) =>
    boxes.slice(0, 2).map((box) => box.getAttribute("data-time") ?? ""),
  );

  let cut = false;
  let close = () => {};
  await desk.page.routeWebSocket("**/ws**", (socket) => {
    if (cut) {
      // Opens and then says nothing but goodbye, as a balancer without a server behind it does.
      socket.onMessage(() => void socket.close());
      return;
    }
    const server = socket.connectToServer();
    close = () => {
      void socket.close();
      void server.close();
    };
  });
  await signInToPortal(desk.page, `/agenda?date=${date}`);
  await untilLive(desk.page);
  // One event gives the page a number to go on from.
  await holdAt(patient.page, before);
  await desk.page.locator("[data-booking]", { hasText: "Being booked" }).waitFor();
  await patient.page.goto(address);

  cut = true;
  close();
  await desk.page.locator('[data-live="reconnecting"]').locator("visible=true").waitFor();
  await holdAt(patient.page, clock);
  await bookHeld(patient.page, "Sipho Meanwhile");
  expect(await desk.page.getByText("Sipho Meanwhile").count()).toBe(0);

  cut = false;
  await desk.page.locator("[data-booking]", { hasText: "Sipho Meanwhile" }).waitFor();
  await untilLive(desk.page);
  // The first time let go, because one person holds one time; the second held; and booked.
  await desk.page
    .locator("[data-announcements]", { hasText: "Back online. 3 changes." })
    .waitFor({ state: "attached" });
  expect(desk.complaints.filter((text) => !text.includes("WebSocket"))).toEqual([]);
  await Promise.all([desk.context.close(), patient.context.close()]);
});

test("on a phone the agenda shows one doctor at a time, and works without JavaScript", async () => {
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  await signInToPortal(page, "/agenda");
  const columns = page.locator("[data-day] section").locator("visible=true");
  expect(await columns.count()).toBe(1);
  await page.getByRole("navigation", { name: "Doctor" }).getByRole("link", { name: "van Wyk" }).click();
  expect(await columns.getByRole("heading").textContent()).toContain("van Wyk");

  await page.getByRole("link", { name: /^Day after/ }).click();
  while ((await page.locator("[data-booking]").locator("visible=true").count()) === 0) {
    await page.getByRole("link", { name: /^Day after/ }).click();
  }
  await page.locator("[data-booking]").locator("visible=true").first().click();
  await page.getByRole("link", { name: "Cancel booking" }).click();
  await page.getByRole("button", { name: "Cancel booking" }).waitFor();
  await page.getByRole("link", { name: "Keep it" }).click();
  await page.getByRole("link", { name: "Close this booking" }).click();
  await page.locator("[data-drawer]").waitFor({ state: "detached" });
  await context.close();
});
