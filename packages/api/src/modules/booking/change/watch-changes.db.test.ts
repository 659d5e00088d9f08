import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashToken } from "../../../infra/tokens.ts";
import { clinicHost, staffCookie, testCaller } from "../../../testing/index.ts";
import { bookTime } from "../take/book-time.ts";
import { at, bookInput, type BookingWorld, bookingWorld, outcome } from "../testing/booking-world.ts";
import { cancelBooking } from "./cancel-booking.ts";
import { moveByPatient } from "./move-booking.ts";
import type { Changed } from "./watch-changes.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

/**
 * Somebody with a booking's page open, from now on or from a place before; `next` waits for what is told. That it was
 * made is left out: while any transaction of the server is older, the place "now" lies before it, and it is told again.
 */
async function openPage(token: string, lastEventId?: string) {
  const { s, clinic } = world;
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug) });
  const told = await call.patient.live.booking({ token, lastEventId: lastEventId ?? (await placeNow()) });
  const items = told[Symbol.asyncIterator]();
  return {
    next: async () => {
      for (;;) {
        const told = (await items.next()).value as unknown as [id: string, Changed];
        if (told[1].type !== "booking.confirmed") return told;
      }
    },
    close: () => items.return?.(),
  };
}

const placeNow = () => world.s.bus.cursor(world.clinic.clinicId);
const booked = async (days: number, time: string) => bookTime(world.work, bookInput(world.clinic, at(days, time)));
const cancel = (token: string) => cancelBooking(world.work, "patient", { token, key: randomUUID() });

test("an open page hears that its own booking was moved and cancelled, and of nobody else's", async () => {
  const { s, t, clinic } = world;
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "reception");
  const staff = await testCaller(s, { host: clinicHost(s, clinic.slug), cookies: cookie });
  const [own, other] = [await booked(3, "10:00"), await booked(3, "11:00")];
  const page = await openPage(own.token);

  await cancel(other.token);
  const date = at(3, "10:00").toLocaleDateString("en-CA", { timeZone: "Africa/Johannesburg" });
  const line = (await staff.staff.bookings.day({ date })).find(({ ref }) => ref === own.booking.ref);
  if (!line) throw new Error("the clinic does not see the booking");
  const { id: bookingId, practitionerId, sequence } = line;
  const move = { bookingId, practitionerId, sequence, start: at(3, "12:00"), key: randomUUID() };
  await staff.staff.bookings.move(move);
  expect((await page.next())[1]).toEqual({ type: "booking.moved" });
  await staff.staff.bookings.cancel({ bookingId, key: randomUUID() });
  expect((await page.next())[1]).toEqual({ type: "booking.cancelled" });
  await page.close();
});

test("who comes back from the last thing they heard misses nothing and hears nothing twice", async () => {
  const [own, other] = [await booked(4, "10:00"), await booked(4, "11:00")];
  const read = await placeNow();
  const start = at(4, "12:00");
  await moveByPatient(world.work, { token: own.token, start, who: world.clinic.practitionerId, key: randomUUID() });
  await cancel(other.token);
  const page = await openPage(own.token, read);
  const [place, first] = await page.next();
  expect(first).toEqual({ type: "booking.moved" });
  await page.close();

  await cancel(own.token);
  const back = await openPage(own.token, place);
  expect((await back.next())[1]).toEqual({ type: "booking.cancelled" });
  await back.close();
});

test("each of a family's pages hears of the others' too", async () => {
  const { s, t, clinic } = world;
  const [one, two] = [await booked(6, "10:00"), await booked(6, "11:00")];
  const links = [hashToken(one.token), hashToken(two.token)];
  const set = "UPDATE app.booking SET set_id = $2, set_kind = 'family' WHERE clinic_id = $1 AND token_hash = ANY($3)";
  await t.admin(set, [clinic.clinicId, randomUUID(), links]);
  const read = await s.bus.cursor(clinic.clinicId);
  await cancel(two.token);
  const page = await openPage(one.token, read);
  expect((await page.next())[1]).toEqual({ type: "booking.cancelled" });
  await page.close();
});

test("whoever comes without a place is told to read again, and hears the rest from there", async () => {
  const { s, clinic } = world;
  const { token } = await booked(7, "10:00");
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug) });
  const told = (await call.patient.live.booking({ token }))[Symbol.asyncIterator]();
  expect((await told.next()).value).toMatchObject({ 1: { type: "resync" } });
  await cancel(token);
  expect((await told.next()).value).toMatchObject({ 1: { type: "booking.cancelled" } });
  await told.return?.();
});

test("a link that opens nothing here is not found, and a place of another clinic is refused", async () => {
  const { token } = await booked(5, "10:00");
  const unknown = await openPage("x".repeat(22));
  expect(await outcome(unknown.next())).toBe("not_found");
  const foreign = await openPage(token, world.s.bus.cursorAt(randomUUID(), "1"));
  expect(await outcome(foreign.next())).toBe("cursor_invalid");
});
