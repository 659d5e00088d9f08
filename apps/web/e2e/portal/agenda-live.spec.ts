import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, launch, openPage, PHONE, scrollsSideways } from "../support/browser.ts";
import { shiftsOf, watchShifts } from "../support/shifts.ts";
import { bookingButton, DESK, type Desk, ghostLine, openDesk, signInAtDesk } from "./steps-agenda.ts";

let browser: Browser;
let desk: Desk;
beforeAll(async () => {
  [browser, desk] = await Promise.all([launch(), openDesk("Agenda live")]);
});
afterAll(() => browser.close());

/** Where every part of the agenda stands; free places that are booked meanwhile fall out. */
const places = (page: Page): Promise<Record<string, string>> =>
  page
    .locator("[data-agenda] [role=rowheader], [data-agenda] [data-booking], [data-agenda] [data-free]")
    .evaluateAll((all) =>
      Object.fromEntries(
        all.map((each) => {
          const { left, top } = each.getBoundingClientRect();
          return [each.getAttribute("data-stop") ?? each.textContent ?? "", `${left} ${top}`];
        }),
      ),
    );

test("a burst of live changes moves nothing on screen, and no focus", async () => {
  const day = 1;
  await desk.book("Stays Put", desk.at(day, "12:00"));
  const { page, context, complaints } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
  // The words inside a booking's box may move, its mark goes after six seconds; where the rest stands is compared below.
  await watchShifts(page, "[data-booking] *, [data-live-line]");
  const focused = bookingButton(page, /Stays Put/);
  await focused.focus();
  const before = await places(page);

  // Twenty five bookings made, and as many cancelled: fifty changes.
  const clocks = Array.from({ length: 25 }, (_, n) => 8 * 60 + n * 20)
    .filter((minute) => minute !== 12 * 60)
    .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`);
  for (const clock of clocks) {
    const bookingId = await desk.book(`Burst ${clock}`, desk.at(day, clock));
    await desk.clinic.owner.staff.bookings.cancel.mutate({ bookingId, key: crypto.randomUUID() });
  }
  const last = clocks.at(-1) ?? "";
  await page.locator("[data-live-line]", { hasText: `Burst ${last} cancelled` }).waitFor();
  expect(await shiftsOf(page)).toEqual([]);
  expect(await focused.evaluate((element) => element === document.activeElement)).toBe(true);
  const after = await places(page);
  for (const [key, place] of Object.entries(before)) if (key in after) expect([key, after[key]]).toEqual([key, place]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("what arrives while a booking is carried waits, and shows on the ghost as in the way", async () => {
  const day = 2;
  await desk.book("Carried Along", desk.at(day, "09:00"));
  const { page, context } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
  await bookingButton(page, /Carried Along/).focus();
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowDown");
  expect(await ghostLine(page).textContent()).toContain("09:20, Dr Lindiwe Cele, free");
  await desk.book("Came First", desk.at(day, "09:20"));
  await page.locator('[data-ghost="blocked"]').waitFor();
  expect(await ghostLine(page).textContent()).toContain("blocked: another booking");
  expect(await bookingButton(page, /Came First/).count()).toBe(0);
  await page.keyboard.press("Escape");
  await bookingButton(page, /Came First/).waitFor();
  await context.close();
});

test("a booking that another desk moves takes the focus along, and an open form keeps its text", async () => {
  const day = 3;
  const bookingId = await desk.book("Moved By Other", desk.at(day, "09:00"));
  const { page, context } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
  const move = async (clock: string) => {
    const { sequence } = await desk.clinic.owner.staff.bookings.get.query({ bookingId });
    const to = { start: desk.at(day, clock), practitionerId: desk.doctor.id };
    await desk.clinic.owner.staff.bookings.move.mutate({ bookingId, ...to, sequence, key: crypto.randomUUID() });
  };
  await bookingButton(page, /Moved By Other/).focus();
  await move("10:00");
  await bookingButton(page, /^10:00 to 10:20, Moved By Other/).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe(`booking-${bookingId}`);

  await page.locator('[data-free="11:00"]').click();
  const name = page.getByLabel("Patient's name");
  await name.fill("Half Typed");
  await move("10:40");
  await bookingButton(page, /^10:40 to 11:00, Moved By Other/).waitFor();
  expect(await name.inputValue()).toBe("Half Typed");
  expect(await name.evaluate((input) => input === document.activeElement)).toBe(true);

  await context.setOffline(true);
  await page.getByText("You are offline.", { exact: false }).first().waitFor();
  await page.getByLabel("Cell number").fill("0821234567");
  await page.getByRole("button", { name: /^Book .*11:00$/ }).click();
  await page.getByRole("alert").getByText("We could not reach PulseCal.", { exact: false }).waitFor();
  expect(await name.inputValue()).toBe("Half Typed");
  await context.close();
});

test("with reduced motion nothing moves by itself, targets are large enough, and wide text spacing cuts nothing off sideways", async () => {
  const day = 4;
  await desk.book("Calm Day", desk.at(day, "09:00"));
  const { page, context } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`, {
    ...DESK,
    reducedMotion: "reduce",
  } as typeof DESK);
  await bookingButton(page, /Calm Day/).click();
  await page.locator("[data-drawer]").waitFor();
  await page.getByRole("link", { name: "Move to…" }).click();
  await page.getByRole("dialog").getByRole("radio").first().waitFor();
  const running = await page.evaluate(
    () => document.getAnimations().filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 0).length,
  );
  expect(running).toBe(0);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  const small = await page.locator("button:visible, a:visible, select:visible, input:visible").evaluateAll((all) =>
    all
      .map((each) => ({ name: each.outerHTML.slice(0, 160), box: each.getBoundingClientRect() }))
      // A link inside a sentence is exempt; one row of the grid may be a sliver between two bookings.
      .filter(({ box, name }) => (box.height < 24 || box.width < 24) && box.height > 1 && !name.includes("data-stop"))
      .map(({ name }) => name),
  );
  expect(small).toEqual([]);

  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } html { font-size: 200% }",
    );
    document.adoptedStyleSheets = [sheet];
  });
  expect(await scrollsSideways(page)).toBe(false);
  await context.close();
});

test("without JavaScript the day is a table per doctor, and a time is booked by its link and form", async () => {
  const day = 5;
  await desk.book("Plain Table", desk.at(day, "09:00"));
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  const path = `/portal/agenda?date=${desk.clinic.day(day)}`;
  await page.goto(`${desk.clinic.url}${path}`);
  await page.getByLabel("Email").fill(`owner@${new URL(desk.clinic.url).hostname.split(".")[0]}.example`);
  await page.getByLabel("Password").fill("moss kettle lantern nine");
  await page.getByRole("button", { name: "Sign in" }).click();
  const table = page.getByRole("table", { name: "Dr Lindiwe Cele" });
  await table.getByRole("link", { name: /09:00 to 09:20, Plain Table/ }).waitFor();
  await table.getByRole("link", { name: "Book 10:00, Dr Lindiwe Cele" }).click();
  await page.getByLabel("Patient's name").fill("Paper Form");
  await page.getByLabel("Email").fill("paper@example.com");
  await page.getByRole("button", { name: /^Book .*10:00$/ }).click();
  await page.locator("[data-drawer]").getByRole("heading", { name: "Paper Form" }).waitFor();
  await page.getByRole("button", { name: "Check in" }).click();
  await page.locator("[data-drawer]").getByText("Checked in", { exact: true }).waitFor();

  // Wide, and still no script: the tables stay, the grid that could do nothing is not shown.
  await page.setViewportSize(DESK.viewport);
  await page.goto(`${desk.clinic.url}${path}`);
  expect(await page.getByRole("table").locator("visible=true").count()).toBe(1);
  expect(await page.getByRole("grid").locator("visible=true").count()).toBe(0);
  await context.close();
});

test("a week shows one doctor day by day, and a booking moves to another day by the keyboard", async () => {
  // A day whose next one is in the same week, Monday to Sunday.
  const day = [1, 2].find((ahead) => new Date(`${desk.clinic.day(ahead)}T12:00:00Z`).getUTCDay() !== 0) ?? 1;
  await desk.book("Week Walker", desk.at(day, "15:00"));
  const { page, context, complaints } = await signInAtDesk(
    browser,
    desk,
    `/agenda?view=week&date=${desk.clinic.day(day)}`,
  );
  await bookingButton(page, /Week Walker/).focus();
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowRight");
  expect(await ghostLine(page).textContent()).toMatch(/^15:00, \w+day \d+ \w+, free/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("Week Walker"));
  await page.locator("[data-live-line]", { hasText: "Week Walker moved to" }).waitFor();
  const moved = await desk.clinic.owner.staff.bookings.day.query({ date: desk.clinic.day(day + 1) });
  expect(moved.find(({ patientName }) => patientName === "Week Walker")?.start).toEqual(desk.at(day + 1, "15:00"));
  expect(await axe(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});
