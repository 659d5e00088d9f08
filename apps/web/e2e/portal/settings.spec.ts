import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../support/browser.ts";
import { bookingButton, type Desk, focusedName, openDesk, signInAtDesk } from "./steps-agenda.ts";

let browser: Browser;
let desk: Desk;
beforeAll(async () => {
  [browser, desk] = await Promise.all([launch(), openDesk("Settings")]);
});
afterAll(() => browser.close());

/** The clocks that patients are offered on a day ahead. */
async function offered(ahead: number): Promise<string[]> {
  const { days } = await desk.clinic.guest.public.booking.times.query({
    serviceId: desk.serviceId,
    who: desk.doctor.id,
    from: desk.clinic.day(ahead),
    days: 1,
  });
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Africa/Johannesburg" });
  return days[0]?.times.map(({ start }) => clock.format(start)) ?? [];
}

test("leave over bookings says whom it meets, and each is kept, moved or cancelled", async () => {
  const day = 2;
  const date = desk.clinic.day(day);
  await desk.book("Kept Person", desk.at(day, "09:00"));
  await desk.book("Cancelled Person", desk.at(day, "09:20"));
  await desk.book("Not Concerned", desk.at(day, "13:00"));
  const { page, context, complaints } = await signInAtDesk(browser, desk, "/settings/hours");
  const card = page.getByRole("region", { name: "Leave and blocked time" });
  await card.getByLabel("From day").fill(date);
  await card.getByLabel("From time").fill("8:30");
  await card.getByLabel("To time").fill("late");
  await card.getByRole("button", { name: "Save leave" }).click();
  await card.getByRole("alert").getByText("Enter both days and times, like 08:00").waitFor();
  expect(await card.getByLabel("From time").inputValue()).toBe("8:30");
  await card.getByLabel("To time").fill("12:00");
  await card.getByLabel("What for (only staff see it)").fill("Congress");
  await card.getByRole("button", { name: "See whom it meets" }).click();
  await card.getByText("It meets 2 bookings").waitFor();
  expect(await offered(day)).toContain("10:00");
  await card.getByRole("button", { name: "Save leave" }).click();
  await card.getByText("2 bookings to settle").waitFor();
  expect(await offered(day)).not.toContain("10:00");

  await card.getByRole("button", { name: "Keep Kept Person" }).click();
  await card.getByText("1 booking to settle").waitFor();
  await card.getByRole("link", { name: "Cancel Cancelled Person" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel booking" }).click();
  await page.locator("[data-drawer]").getByText("Cancelled", { exact: true }).first().waitFor();
  await page.locator('[data-block="leave"]').getByText("leave: Congress").waitFor();
  await bookingButton(page, /Kept Person/).waitFor();
  await page.goto(`${desk.clinic.url}/portal/settings/hours`);
  await card.getByText("Leave, Congress").waitFor();
  expect(await card.getByText(/to settle/).count()).toBe(0);
  await card.getByRole("button", { name: /^Remove leave/ }).click();
  await card.getByText("None ahead.").waitFor();
  expect(await offered(day)).toContain("10:00");
  expect(complaints).toEqual([]);
  await context.close();
});

test("a timetable holds from its first to its last day, and a doctor takes no more than their limit", async () => {
  const [first, last] = [8, 9];
  const weekday = (ahead: number) =>
    desk.at(ahead, "12:00").toLocaleDateString("en-GB", { weekday: "long", timeZone: "Africa/Johannesburg" });
  await desk.book("Left Outside", desk.at(first, "14:20"));
  const { page, context, complaints } = await signInAtDesk(browser, desk, "/settings/hours");
  await page.getByRole("button", { name: "Add a timetable" }).click();
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByRole("alert").getByText("Timetable 1: choose its first day").click();
  expect(await focusedName(page)).toBe("Timetable 1, first day");
  await page.getByLabel("Timetable 1, first day").fill(desk.clinic.day(first));
  await page.getByLabel("Timetable 1, last day").fill(desk.clinic.day(last));
  await page.getByLabel(`Timetable 1, ${weekday(first)}, hours 1, opens`).fill("15:00");
  await page.getByRole("button", { name: "See its first days" }).click();
  const preview = page.getByRole("region", { name: "Patients would see" });
  await preview.getByText("6 times", { exact: true }).waitFor();
  await preview.getByText("1 booked outside").waitFor();
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByText(/^Saved at/).waitFor();
  expect((await offered(first))[0]).toBe("15:00");
  expect((await offered(last))[0]).toBe("08:00");
  expect((await offered(last + 7))[0]).toBe("08:00");
  await page.getByLabel("Visits a day").fill("1");
  await preview.getByText("No times", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByText(/^Saved at/).waitFor();
  expect(await offered(first)).toEqual([]);

  await page.reload();
  await page.getByText("Ahead", { exact: true }).click();
  expect(await page.getByLabel(`Timetable 1, ${weekday(first)}, hours 1, opens`).inputValue()).toBe("15:00");
  await page.getByRole("button", { name: "Remove timetable 1", exact: true }).click();
  await page.getByLabel("Visits a day").fill("");
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByText(/^Saved at/).waitFor();
  expect((await offered(first))[0]).toBe("08:00");
  expect(complaints).toEqual([]);
  await context.close();
});

test("a room is added and needed, the clinic is shut, and its rules are kept", async () => {
  const { page, context, complaints } = await signInAtDesk(browser, desk, "/settings/rooms");
  const rooms = page.getByRole("region", { name: "Rooms and devices" });
  await rooms.getByLabel("Name").fill("Room 2");
  await rooms.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Saved. Services can ask for it.").waitFor();
  await rooms.getByText("Room 2", { exact: true }).waitFor();

  const date = desk.clinic.day(3);
  await desk.book("Meets A Closure", desk.at(3, "12:00"));
  const shut = page.getByRole("region", { name: "When the clinic is shut" });
  await shut.getByLabel("From day").fill(date);
  await shut.getByRole("button", { name: "Save closure" }).click();
  await shut.getByRole("alert").getByText("Say what the clinic is shut for", { exact: false }).waitFor();
  expect(await shut.getByLabel("From day").inputValue()).toBe(date);
  await shut.getByLabel("What for").fill("Stock taking");
  await shut.getByRole("button", { name: "See whom it meets" }).click();
  await shut.getByText("It meets 1 booking").waitFor();
  await shut.getByText("Meets A Closure").waitFor();
  await shut.getByRole("button", { name: "Save closure" }).click();
  await page.getByText("Saved. Patients see no times then.").waitFor();
  expect(await offered(3)).toEqual([]);
  await shut.getByRole("button", { name: "Remove Stock taking" }).click();
  await page.getByText("Removed. Patients see the times again.").waitFor();
  expect(await offered(3)).toContain("10:00");

  const rules = page.getByRole("region", { name: "Rules of the clinic" });
  await rules.getByLabel("Squeezed in per doctor and day, at most").fill("99");
  await rules.getByRole("button", { name: "Save rules" }).click();
  await rules.getByRole("alert").getByText("Enter a number from 0 to 50").waitFor();
  await rules.getByLabel("Squeezed in per doctor and day, at most").fill("3");
  await rules.getByLabel("Public holidays").selectOption("ZA");
  await rules.getByRole("button", { name: "Save rules" }).click();
  await page.getByText("Saved. Patients see it now.").waitFor();
  expect(await desk.clinic.owner.staff.clinicRules.get.query()).toMatchObject({
    holidayCountry: "ZA",
    squeezeInCap: 3,
  });

  await page.goto(`${desk.clinic.url}/portal/settings/services?edit=${desk.serviceId}`);
  await page.getByText("Lengths, limits, seats, rooms and dates").click();
  await page.getByRole("checkbox", { name: "Room 2" }).check();
  const need = page.getByRole("group", { name: "One more need" });
  await need.getByLabel("Needed for, min").fill("1");
  await need.getByLabel("Free after, min").fill("5");
  await page.getByLabel("Other lengths").fill("40");
  await page.getByRole("button", { name: "Save service" }).click();
  await page.getByRole("alert").getByText("Needed for: enter a number from 5 to 720").waitFor();
  await page.getByRole("group", { name: "Need 1" }).getByLabel("Needed for, min").fill("10");
  await page.getByRole("button", { name: "Save service" }).click();
  await page.getByText("Check-up is saved.", { exact: false }).waitFor();
  const service = (await desk.clinic.owner.staff.services.list.query()).find(({ id }) => id === desk.serviceId);
  const needed = { count: 1, minutes: 10, bufferBefore: null, bufferAfter: 5 };
  expect(service).toMatchObject({ otherMinutes: [40], needs: [needed] });

  await page.goto(`${desk.clinic.url}/portal/settings/rooms`);
  await rooms.getByText("Room 2", { exact: true }).click();
  await rooms.getByRole("link", { name: "There at any hour, hours of Room 2" }).click();
  await page.getByRole("radio", { name: "Within hours of its own" }).check();
  const open = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "Africa/Johannesburg" });
  const weekday = open.format(desk.at(10, "12:00"));
  if ((await page.getByLabel(`${weekday}, hours 1, opens`).count()) === 0)
    await page.getByRole("button", { name: `Add hours on ${weekday}` }).click();
  await page.getByLabel(`${weekday}, hours 1, opens`).fill("10:00");
  await page.getByLabel(`${weekday}, hours 1, closes`).fill("11:00");
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByText(/^Saved at/).waitFor();
  expect((await offered(10)).slice(0, 2)).toEqual(["10:00", "10:20"]);
  await page.getByRole("radio", { name: "At any hour" }).check();
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByText(/^Saved at/).waitFor();
  expect((await offered(10))[0]).toBe("08:00");

  await page.goto(`${desk.clinic.url}/portal/settings/services?edit=${desk.serviceId}`);
  const questions = page.getByRole("region", { name: "Questions when booking" });
  await questions.getByLabel("Question").fill("Which arm?");
  await questions.getByLabel("Answered with").selectOption("choice");
  await questions.getByLabel("Answers to choose from").fill("left");
  await questions.getByRole("button", { name: "Save questions" }).click();
  await questions.getByRole("alert").getByText("A choice needs at least two answers", { exact: false }).waitFor();
  expect(await questions.getByLabel("Question").first().inputValue()).toBe("Which arm?");
  await questions.getByLabel("Answers to choose from").first().fill("left, right");
  await questions.getByRole("button", { name: "Save questions" }).click();
  await questions.getByText("The questions are saved.", { exact: false }).waitFor();
  const asked = await desk.clinic.guest.public.booking.questions.query({ serviceId: desk.serviceId });
  expect(asked.questions).toMatchObject([{ label: "Which arm?", options: ["left", "right"] }]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("somebody who waits fits a time that becomes free, and takes it on the phone", async () => {
  const day = 4;
  const bookingId = await desk.book("Gives Up", desk.at(day, "09:00"));
  const { page, context, complaints } = await signInAtDesk(browser, desk, "/waitlist");
  await page.getByText("Nobody is waiting.").waitFor();
  await page.getByRole("link", { name: "Add a person" }).first().click();
  await page.getByRole("button", { name: "Put on the list" }).click();
  await page.getByRole("alert").getByText("Enter the patient's name").waitFor();
  await page.getByLabel("Patient's name").fill("Waits Long");
  await page.getByLabel("Email").fill("waits@example.com");
  await page.getByRole("checkbox", { name: "Mornings" }).check();
  await page.getByRole("button", { name: "Put on the list" }).click();
  await page.getByText("1 person waits").waitFor();
  await page.getByText("any doctor, mornings", { exact: false }).waitFor();

  // The time becomes free at another desk and is offered to the first who fits; both arrive here by themselves.
  await desk.clinic.owner.staff.bookings.cancel.mutate({ bookingId, key: crypto.randomUUID() });
  await page.getByText(/Kept for/).waitFor();
  await page.getByRole("button", { name: "They take it" }).click();
  await page.getByText("Nobody is waiting.").waitFor();
  const booked = await desk.clinic.owner.staff.bookings.day.query({ date: desk.clinic.day(day) });
  expect(booked.filter(({ state }) => state === "confirmed").map(({ patientName }) => patientName)).toEqual([
    "Waits Long",
  ]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("a whole day is moved: each booking gets a proposed time, and what is ticked moves", async () => {
  const day = 5;
  await desk.book("Ill Day One", desk.at(day, "09:00"));
  await desk.book("Ill Day Two", desk.at(day, "09:20"));
  const { page, context, complaints } = await signInAtDesk(
    browser,
    desk,
    `/agenda/move-day?who=${desk.doctor.id}&date=${desk.clinic.day(day)}`,
  );
  await page.getByRole("checkbox", { name: "09:20 Ill Day Two" }).uncheck();
  await page.getByRole("button", { name: "Move what is ticked" }).click();
  await page.getByText("1 booking moved.").waitFor();
  const left = await desk.clinic.owner.staff.bookings.day.query({ date: desk.clinic.day(day) });
  expect(left.map(({ patientName }) => patientName)).toEqual(["Ill Day Two"]);
  expect(complaints).toEqual([]);
  await context.close();
});
