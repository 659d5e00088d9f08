import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../support/browser.ts";
import { bookingButton, type Desk, focusedName, ghostLine, openDesk, signInAtDesk } from "./steps-agenda.ts";

let browser: Browser;
let desk: Desk;
beforeAll(async () => {
  [browser, desk] = await Promise.all([launch(), openDesk("Keys")]);
});
afterAll(() => browser.close());

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const untilFocused = (page: Page, name: string) =>
  page.waitForFunction((wanted) => {
    const element = document.activeElement;
    return (element?.getAttribute("aria-label") ?? element?.textContent ?? "").includes(wanted);
  }, name);

describe("with only the keyboard", () => {
  test("the agenda is one tab stop, and arrows go by step and column", async () => {
    await desk.book("Lerato Dube", desk.at(1, "09:00"));
    const { page, context, complaints } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(1)}`);
    expect(await page.locator('[role="grid"] [tabindex="0"]').count()).toBe(1);
    await page.locator('[role="grid"] [tabindex="0"]').focus();
    await press(page, "Control+Home");
    expect(await focusedName(page)).toBe("08:00, Dr Lindiwe Cele, free");
    await press(page, "PageDown");
    // Acceptance: names carry start, end, person, service, state and doctor.
    expect(await focusedName(page)).toBe("09:00 to 09:20, Lerato Dube, Check-up, Confirmed, Dr Lindiwe Cele");
    await press(page, "ArrowDown");
    expect(await focusedName(page)).toBe("09:20, Dr Lindiwe Cele, free");
    await press(page, "Control+End");
    expect(await focusedName(page)).toBe("16:40, Dr Lindiwe Cele, free");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a booking is made, moved, made longer, explained and checked in", async () => {
    const { page, context, complaints } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(2)}`);
    const grid = page.getByRole("grid");
    await page.locator('[role="grid"] [tabindex="0"]').focus();
    await press(page, "Control+Home", "ArrowDown", "Enter");
    await untilFocused(page, "08:20");
    await page.getByLabel("Patient's name").focus();
    await page.keyboard.type("Thabo Keys");
    await press(page, "Tab");
    await page.keyboard.type("082 123 4567");
    await press(page, "Enter");
    await bookingButton(page, /^08:20 to 08:40, Thabo Keys/).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "drawer-title");
    await press(page, "F6");
    await untilFocused(page, "Thabo Keys");

    await press(page, "m", "ArrowDown");
    expect(await ghostLine(page).textContent()).toContain("08:40, Dr Lindiwe Cele, free");
    await press(page, "Escape");
    await untilFocused(page, "08:20 to 08:40, Thabo Keys");
    // What was put back closed nothing beside the grid.
    expect(await page.locator("[data-drawer]").count()).toBe(1);
    await press(page, "m", "ArrowDown", "ArrowDown", "Enter");
    await bookingButton(page, /^09:00 to 09:20, Thabo Keys/).waitFor();
    await untilFocused(page, "09:00 to 09:20, Thabo Keys");
    await page
      .locator("[data-drawer]")
      .getByText(/09:00 to 09:20/)
      .waitFor();

    await press(page, "r", "ArrowDown", "ArrowDown");
    expect(await ghostLine(page).textContent()).toContain("09:00 to 09:30, 30 minutes, free");
    await press(page, "Enter");
    await bookingButton(page, /^09:00 to 09:30, Thabo Keys/).waitFor();
    await page
      .locator("[data-drawer]")
      .getByText(/09:00 to 09:30/)
      .waitFor();
    await untilFocused(page, "09:00 to 09:30, Thabo Keys");

    await press(page, "e");
    await page.locator('[data-explain="offered"]').waitFor();
    await press(page, "Escape");
    await page.locator("[data-drawer]").waitFor({ state: "detached" });
    await untilFocused(page, "Thabo Keys");

    await press(page, "Shift+F10");
    await page.getByRole("menuitem", { name: "Check in" }).focus();
    await press(page, "Enter");
    await grid.getByRole("button", { name: /Thabo Keys.*Checked in/ }).waitFor();
    await untilFocused(page, "Thabo Keys");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a move onto somebody else is refused, the booking returns, and the reason is said and shown", async () => {
    const day = 3;
    await desk.book("Anna Early", desk.at(day, "10:00"));
    await desk.book("Ben Later", desk.at(day, "10:20"));
    const { page, context } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
    await bookingButton(page, /Anna Early/).focus();
    await press(page, "m", "ArrowDown");
    expect(await ghostLine(page).textContent()).toContain("blocked: another booking");
    expect(await page.locator('[data-ghost="blocked"]').textContent()).not.toContain("Ben");
    await press(page, "Enter");
    await page.getByText("Someone took this time", { exact: false }).first().waitFor();
    await bookingButton(page, /^10:00 to 10:20, Anna Early/).waitFor();
    await untilFocused(page, "Anna Early");
    await page.locator("[data-announcements]", { hasText: "Someone took this time" }).waitFor({ state: "attached" });
    await context.close();
  });
});

describe("with a pointer", () => {
  test("nothing needs a drag: a press books, moves, lengthens, explains and checks in", async () => {
    const day = 4;
    const { page, context, complaints } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
    await page.locator('[data-free="09:00"]').click();
    await page.getByLabel("Patient's name").fill("Palesa Press");
    await page.getByLabel("Cell number").fill("0821234567");
    await page.getByRole("button", { name: /^Book .*09:00$/ }).click();
    const drawer = page.locator("[data-drawer]");
    await drawer.getByRole("heading", { name: "Palesa Press" }).waitFor();

    await drawer.getByRole("link", { name: "Move to…" }).click();
    const dialog = page.getByRole("dialog", { name: "Move Palesa Press" });
    await dialog.getByRole("radio", { name: /11:00/ }).check();
    await dialog.getByRole("button", { name: /^Move to .*11:00$/ }).click();
    await dialog.waitFor({ state: "detached" });
    await bookingButton(page, /^11:00 to 11:20, Palesa Press/).waitFor();

    await drawer.getByRole("button", { name: "5 minutes longer" }).click();
    await drawer.getByRole("button", { name: "Save length" }).click();
    await bookingButton(page, /^11:00 to 11:25, Palesa Press/).waitFor();
    await drawer.getByRole("button", { name: "Check in" }).click();
    await drawer.getByText("Checked in", { exact: true }).waitFor();
    await drawer.getByRole("button", { name: "Start visit" }).waitFor();
    expect(await drawer.getByRole("link", { name: "Move to…" }).count()).toBe(0);

    await page.locator('[data-free="11:25"]').click({ button: "right" });
    await page.getByRole("menuitem", { name: /Why is it offered/ }).click();
    await page.locator('[data-explain="blocked"]').getByText("Not one of the starts", { exact: false }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a drag begins at six pixels, snaps to a row, and Esc aborts it", async () => {
    const day = 5;
    await desk.book("Dina Drag", desk.at(day, "10:00"));
    const { page, context, complaints } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
    const block = bookingButton(page, /Dina Drag/);
    const box = await block.boundingBox();
    if (box === null) throw new Error("the booking is on screen");
    const [x, y] = [box.x + 60, box.y + 10];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 3, y + 3);
    expect(await page.locator("[data-ghost]").count()).toBe(0);
    await page.mouse.move(x, y + 45, { steps: 4 });
    await page.locator('[data-ghost="free"]').waitFor();
    expect(await ghostLine(page).textContent()).toContain("10:20, Dr Lindiwe Cele, free");
    await page.keyboard.press("Escape");
    await page.locator("[data-ghost]").waitFor({ state: "detached" });
    await page.mouse.up();
    expect(await page.locator("[data-drawer]").count()).toBe(0);

    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + 82, { steps: 6 });
    await page.mouse.up();
    await bookingButton(page, /^10:40 to 11:00, Dina Drag/).waitFor();
    expect(await page.locator("[data-drawer]").count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a time that rules block is booked anyway with a reason, shown as such, and what was typed stays on the way", async () => {
    const day = 6;
    await desk.book("First Here", desk.at(day, "09:00"));
    const { page, context } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
    const at = desk.at(day, "09:00").toISOString();
    await page.goto(`${desk.clinic.url}/portal/agenda?date=${desk.clinic.day(day)}&at=${at}&with=${desk.doctor.id}`);
    const explained = page.locator('[data-explain="blocked"]');
    await explained.getByText(/Busy from 09:00 to 09:20/).waitFor();
    expect(await explained.textContent()).not.toContain("First Here");
    expect(await explained.textContent()).toMatch(/First free: .*09:20/);
    await page.getByText("Book anyway", { exact: true }).click();
    await page.getByLabel("Patient's name").fill("Second Here");
    await page.getByRole("button", { name: /anyway$/ }).click();
    await page.getByRole("alert").getByText("Say in a few words why this is booked anyway").waitFor();
    expect(await page.getByLabel("Patient's name").inputValue()).toBe("Second Here");
    await page.getByLabel("Why is this booked anyway?").fill("High fever");
    await page.getByRole("button", { name: /anyway$/ }).click();
    const squeezed = bookingButton(page, /Second Here ?, squeezed in/);
    await squeezed.waitFor();
    const boxes = await Promise.all([squeezed.boundingBox(), bookingButton(page, /First Here/).boundingBox()]);
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    expect(boxes[0]?.x).not.toBe(boxes[1]?.x);
    await context.close();
  });

  test("time is blocked from the grid and taken off what patients are offered", async () => {
    const day = 7;
    const { page, context } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(day)}`);
    await page.locator('[data-free="14:00"]').click();
    await page.getByText("Block this time", { exact: true }).click();
    await page.getByLabel("What for (only staff see it)").fill("Paperwork");
    await page.getByRole("button", { name: /^Block 14:00/ }).click();
    await page.locator('[data-block="leave"]').getByText("blocked time: Paperwork").waitFor();
    const times = await desk.clinic.guest.public.booking.times.query({
      serviceId: desk.serviceId,
      who: desk.doctor.id,
      from: desk.clinic.day(day),
      days: 1,
    });
    const starts = times.days[0]?.times.map(({ start }) => +start) ?? [];
    expect(starts).toContain(+desk.at(day, "13:40"));
    expect(starts).not.toContain(+desk.at(day, "14:00"));
    await context.close();
  });
});
