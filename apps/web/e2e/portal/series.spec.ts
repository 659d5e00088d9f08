import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, openPage } from "../support/browser.ts";
import { troubleOf } from "../support/looks.ts";
import { type Desk, openDesk, signInAtDesk } from "./steps-agenda.ts";

let browser: Browser;
let desk: Desk;
beforeAll(async () => {
  [browser, desk] = await Promise.all([launch(), openDesk("Series")]);
});
afterAll(() => browser.close());

const week = 7;
const drawer = (page: Page) => page.locator("[data-drawer]");
const dateRow = (page: Page, ahead: number) => page.locator(`[data-date="${desk.clinic.day(ahead)}"]`);
const seriesAt = (ahead: number, clock: string, count: number) => {
  const place = { service: desk.serviceId, with: desk.doctor.id, at: desk.at(ahead, clock).toISOString() };
  return `/agenda/series?${new URLSearchParams({ ...place, count: String(count) }).toString()}`;
};
const results = (page: Page) =>
  page.locator("[data-date]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-result")));

describe("a series at the desk", () => {
  test("goes from a free time to dates one decides on, is booked whole, and is cancelled from one on", async () => {
    await desk.book("Anna Before", desk.at(2 + week, "10:00"));
    const { page, context, complaints } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(2)}`);
    await page.locator('[data-free="10:00"]').click();
    await page.getByLabel("Patient's name").fill("Sipho Weekly");
    await page.getByRole("button", { name: "Repeat…" }).click();
    await page.getByRole("heading", { name: "Repeat a booking" }).waitFor();
    expect(await page.getByLabel("Patient's name").inputValue()).toBe("Sipho Weekly");
    expect(page.url()).not.toContain("Sipho");

    await page.getByLabel("How many times").fill("4");
    await page.getByText("4 dates, 1 not free").waitFor();
    expect(await results(page)).toEqual(["free", "blocked", "free", "free"]);
    const blocked = dateRow(page, 2 + week);
    expect(await blocked.textContent()).toContain("Busy from 10:00 to 10:20");
    expect(await blocked.textContent()).not.toContain("Anna");
    expect(await troubleOf(page)).toEqual([]);

    // Nothing is booked before every date is decided on, and the patient can be reached.
    await page.getByRole("button", { name: "Book 3 dates" }).click();
    const summary = page.getByRole("alert");
    await summary.getByText(/choose another time, or leave it out$/).waitFor();
    await summary.getByText("Enter a cell number or an email address").waitFor();
    await blocked.getByRole("radio", { name: /book 10:20 instead$/ }).check();
    await dateRow(page, 2 + 2 * week)
      .getByRole("checkbox")
      .uncheck();
    await page.getByLabel("Cell number").fill("082 123 4567");
    await page.getByRole("button", { name: "Book 3 dates" }).click();

    await drawer(page).getByRole("heading", { name: "Sipho Weekly" }).waitFor();
    await drawer(page).getByText("1 of 3 in a series").waitFor();
    await drawer(page).getByText("All dates").click();
    await drawer(page)
      .getByRole("link", { name: /, 10:20$/ })
      .click();
    await drawer(page).getByText("2 of 3 in a series").waitFor();
    await drawer(page).getByRole("link", { name: "Cancel this and 1 after it" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Cancel the rest of this series?" });
    await dialog.getByText(/^2 bookings from .*, for Sipho Weekly\. The 1 before stays\./).waitFor();
    await dialog.getByRole("button", { name: "Cancel 2 bookings" }).click();
    await dialog.waitFor({ state: "detached" });
    await drawer(page).getByText("Cancelled").first().waitFor();
    const day = (ahead: number) => desk.clinic.owner.staff.bookings.day.query({ date: desk.clinic.day(ahead) });
    const states = (await Promise.all([day(2), day(2 + week), day(2 + 3 * week)])).map((all) =>
      all.filter(({ patientName }) => patientName === "Sipho Weekly").map(({ state }) => state),
    );
    expect(states).toEqual([["confirmed"], ["cancelled"], ["cancelled"]]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("that loses a race books nothing, shows how every date looks now, and keeps what was typed", async () => {
    const { page, context, complaints } = await signInAtDesk(browser, desk, seriesAt(3, "11:00", 3));
    await page.getByText("3 dates, all free").waitFor();
    await page.getByLabel("Patient's name").fill("Lindiwe Slow");
    await page.getByLabel("Email").fill("lindiwe@example.com");
    await desk.book("Ben Quick", desk.at(3 + week, "11:00"));
    // What others do waits behind a button: nothing moves under the pointer.
    await page.getByRole("button", { name: "1 date changed: show" }).waitFor();
    expect(await results(page)).toEqual(["free", "free", "free"]);
    await page.getByRole("button", { name: "Book 3 dates" }).click();
    await page.getByRole("alert").getByText("Nothing was booked").waitFor();
    await page.locator('[data-result="blocked"]').waitFor();
    expect(await results(page)).toEqual(["free", "blocked", "free"]);
    expect(await page.getByLabel("Patient's name").inputValue()).toBe("Lindiwe Slow");
    expect(await page.getByRole("button", { name: /changed: show/ }).count()).toBe(0);

    // The page reads itself again for what others do; what it said of the last try stays.
    await desk.book("Carol Elsewhere", desk.at(3 + 2 * week, "11:00"));
    await page.getByRole("button", { name: "1 date changed: show" }).click();
    expect(await results(page)).toEqual(["free", "blocked", "blocked"]);
    expect(await page.getByRole("alert").textContent()).toContain("Nothing was booked");

    // Without a connection a change of the rule waits for it, and nothing typed is lost.
    await context.setOffline(true);
    await page.locator('[data-live="offline"]').locator("visible=true").waitFor();
    await page.getByLabel("How many times").fill("2");
    await page.getByText(/we look again when you are back/).waitFor();
    expect(await page.getByLabel("Patient's name").inputValue()).toBe("Lindiwe Slow");
    await context.setOffline(false);
    await page.getByText("2 dates, 1 not free").waitFor();
    expect(await page.getByLabel("Patient's name").inputValue()).toBe("Lindiwe Slow");

    // The same page for a browser without JavaScript: links, radios and forms do all of it.
    const plain = await openPage(browser, { javaScriptEnabled: false, storageState: await context.storageState() });
    await plain.page.goto(`${desk.clinic.url}/portal${seriesAt(3, "11:00", 4)}`);
    await plain.page.getByLabel("Patient's name").fill("Lindiwe Slow");
    await plain.page.getByLabel("Email").fill("lindiwe@example.com");
    await plain.page.getByRole("button", { name: /^Book / }).click();
    await plain.page
      .getByRole("alert")
      .getByText(/leave it out$/)
      .first()
      .waitFor();
    expect(await plain.page.getByLabel("Email").inputValue()).toBe("lindiwe@example.com");
    for (const ahead of [3 + week, 3 + 2 * week])
      await dateRow(plain.page, ahead)
        .getByRole("radio", { name: /leave it out$/ })
        .check();
    await plain.page.getByRole("button", { name: /^Book / }).click();
    await plain.page.getByText("1 of 2 in a series").waitFor();
    await plain.context.close();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test("answers to the questions are opened by a press, once, and read as question and answer", async () => {
  const { owner, guest, addService } = desk.clinic;
  const serviceId = await addService({ name: "First visit" });
  const { version } = await owner.staff.questions.list.query({ serviceId });
  const asked = await owner.staff.questions.save.mutate({
    serviceId,
    version,
    questions: [{ kind: "yes_no", label: "Do you take blood thinners?" }],
    key: crypto.randomUUID(),
  });
  const start = desk.at(4, "12:00");
  const person = { name: "Nandi Asked", email: "nandi@example.com" };
  const answers = asked.questions.map(({ id }) => ({ questionId: id, answer: true }));
  const wish = { serviceId, who: desk.doctor.id, start, ...person, answers, key: crypto.randomUUID() };
  await guest.public.booking.book.mutate(wish);
  const { page, context, complaints } = await signInAtDesk(browser, desk, `/agenda?date=${desk.clinic.day(4)}`);
  const readings: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/agenda/answers/")) readings.push(request.method());
  });
  await page
    .getByRole("grid")
    .getByRole("button", { name: /Nandi Asked/ })
    .click();
  const show = drawer(page).getByRole("button", { name: "Show answers" });
  await show.waitFor();
  expect(readings).toEqual([]);
  await show.click();
  await drawer(page).getByRole("definition").filter({ hasText: "Yes" }).waitFor();
  await drawer(page).getByText("Do you take blood thinners?").waitFor();
  // Something else changes on the page; the record is not read again for it.
  await drawer(page).getByRole("button", { name: "Check in" }).click();
  await drawer(page).getByText("Checked in", { exact: true }).waitFor();
  await drawer(page).getByRole("button", { name: "Hide" }).click();
  await show.click();
  await drawer(page).getByText("Do you take blood thinners?").waitFor();
  expect(readings).toEqual(["GET"]);
  expect(complaints).toEqual([]);
  await context.close();
});
