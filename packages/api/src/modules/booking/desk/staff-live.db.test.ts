import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clinicHost, staffCookie, testCaller } from "../../../testing/index.ts";
import { bookTime } from "../take/book-time.ts";
import { cancelBooking } from "../change/cancel-booking.ts";
import type { StaffLiveMessage } from "./staff-live.router.ts";
import { at, bookInput, type BookingWorld, bookingWorld, outcome } from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

test("staff see a booking appear and change, on every open screen, and nothing twice after coming back", async () => {
  const { s, t, clinic, work } = world;
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "reception");
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug), cookies: cookie });
  const lastEventId = await s.bus.cursor(clinic.clinicId);
  const screens = await Promise.all([call.staff.live.events({ lastEventId }), call.staff.live.events({ lastEventId })]);
  const iterators = screens.map((screen) => screen[Symbol.asyncIterator]());
  const take = async (iterator: AsyncIterator<unknown>) => (await iterator.next()).value as [string, StaffLiveMessage];
  const next = () => Promise.all(iterators.map(take));

  const { token } = await bookTime(work, bookInput(clinic, at(3, "10:00"), { name: "Palesa" }));
  const booked = await next();
  for (const [, message] of booked)
    expect(message).toMatchObject({
      type: "booking.confirmed",
      booking: { state: "confirmed", patientName: "Palesa" },
    });
  await cancelBooking(work, "patient", { token, key: randomUUID() });
  for (const [, message] of await next())
    expect(message).toMatchObject({ type: "booking.cancelled", booking: { state: "cancelled" } });
  for (const iterator of iterators) await iterator.return?.();

  const back = (await call.staff.live.events({ lastEventId: booked[0]?.[0] ?? "" }))[Symbol.asyncIterator]();
  expect((await take(back))[1]).toMatchObject({ type: "booking.cancelled" });
  await back.return?.();
});

test("a cursor of another clinic is refused", async () => {
  const { s, t, clinic } = world;
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug), cookies: cookie });
  const foreign = await call.staff.live.events({ lastEventId: s.bus.cursorAt(randomUUID(), "1") });
  expect(await outcome(foreign[Symbol.asyncIterator]().next())).toBe("cursor_invalid");
});
