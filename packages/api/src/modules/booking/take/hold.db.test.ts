import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf } from "../../../trpc/error-map.ts";
import { bookTime } from "./book-time.ts";
import { pointedBooking } from "../booking-on-link.ts";
import { viewOf } from "../booking-view.ts";
import { confirmBooking } from "./confirm-booking.ts";
import { extendHold, holdTime, releaseHold } from "./hold-time.ts";
import { offeredTimesOf } from "../times/offered-times.ts";
import { sweepHolds } from "./sweep-holds.ts";
import {
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  dayAt,
  doubles,
  holdInput,
  outcome,
} from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const startsOf = async (date: string, who = "any") => {
  const { work, clinic } = world;
  const found = await offeredTimesOf(work, { serviceId: clinic.serviceId, who, from: date, days: 1 });
  return found.days[0]?.times.map((time) => time.start.toISOString()) ?? [];
};
const guest = { name: "Sipho Khumalo", phone: "+27821234567" };

describe("a hold", () => {
  test("is kept longer once for each key that is pressed, however often the press arrives", async () => {
    const { work, clinic } = world;
    const { token } = await holdTime(work, holdInput(clinic, at(20, "15:00")));
    const key = randomUUID();
    const first = await extendHold(work, { token, key });
    expect(await extendHold(work, { token, key })).toEqual(first);
    expect((await extendHold(work, { token, key: randomUUID() })).presses).toBe(2);
    const release = randomUUID();
    expect(await releaseHold(work, { token, key: release })).toEqual({ released: true });
    expect(await releaseHold(work, { token, key: release })).toEqual({ released: true });
    expect(await outcome(extendHold(work, { token, key: release }))).toBe("key_reused");
  });

  test("that was drawn out past the start of the visit is over", async () => {
    const { t, work, clinic } = world;
    const { token } = await holdTime(work, holdInput(clinic, at(20, "11:00")));
    await t.admin(
      `UPDATE app.booking SET starts_at = now() - interval '50 min', ends_at = now() - interval '30 min'
       WHERE clinic_id = $1 AND starts_at = $2`,
      [clinic.clinicId, at(20, "11:00")],
    );
    expect(await outcome(confirmBooking(work, { token, key: randomUUID(), ...guest }))).toBe("hold_expired");
    await releaseHold(work, { token });
  });

  test("keeps a time for ten minutes and becomes a booking where it stands", async () => {
    const { t, work, clinic } = world;
    const start = at(6, "09:00");
    const hold = await holdTime(work, holdInput(clinic, start));
    expect(hold.expiresAt.getTime() - Date.now()).toBeGreaterThan(9.9 * 60_000);
    expect(hold.expiresAt.getTime() - Date.now()).toBeLessThan(10.1 * 60_000);
    expect(await outcome(bookTime(work, bookInput(clinic, start)))).toBe("slot_taken");
    const input = { token: hold.token, key: randomUUID(), ...guest };
    const view = await confirmBooking(work, input);
    expect(view).toMatchObject({ state: "confirmed", start, patientName: "Sipho Khumalo", holdExpiresAt: null });
    expect(await confirmBooking(work, input)).toEqual(view);
    expect(await outcome(confirmBooking(work, { ...input, key: randomUUID() }))).toBe("conflict");
    const rows = await t.admin(
      "SELECT state, hold_expires_at FROM app.occupancy WHERE clinic_id = $1 AND starts_at = $2",
      [clinic.clinicId, start],
    );
    expect(rows).toEqual([{ state: "booked", hold_expires_at: null }]);
  });

  test("gets five minutes more a press, ten times and not once more", async () => {
    const { work, clinic } = world;
    const hold = await holdTime(work, holdInput(clinic, at(6, "10:00")));
    for (let press = 1; press <= 10; press++) {
      const more = await extendHold(work, { token: hold.token });
      expect(more).toMatchObject({ presses: press });
      expect(more.expiresAt).toEqual(new Date(hold.expiresAt.getTime() + press * 5 * 60_000));
    }
    expect(await outcome(extendHold(work, { token: hold.token }))).toBe("hold_limit");
  });

  test("can be given back; twice changes nothing", async () => {
    const { work, clinic } = world;
    const start = at(6, "11:00");
    const hold = await holdTime(work, holdInput(clinic, start));
    expect(await releaseHold(work, { token: hold.token })).toEqual({ released: true });
    expect(await releaseHold(work, { token: hold.token })).toEqual({ released: false });
    expect(await startsOf(dayAt(6))).toContain(start.toISOString());
    expect(await outcome(confirmBooking(work, { token: hold.token, key: randomUUID(), ...guest }))).toBe(
      "hold_expired",
    );
  });

  test("that has run out is refused with alternatives that begin with its own time", async () => {
    const { t, work, clinic } = world;
    const start = at(7, "09:00");
    const hold = await holdTime(work, holdInput(clinic, start));
    await runOut(t);
    const refused = await confirmBooking(work, { token: hold.token, key: randomUUID(), ...guest }).catch(
      (error: unknown) => refusalOf(error),
    );
    const alternatives = ["08:40", "09:00", "09:20"].map((time) => ({
      start: at(7, time),
      practitionerId: clinic.practitionerId,
    }));
    expect(refused).toEqual({
      code: "hold_expired",
      detail: { serviceId: clinic.serviceId, who: clinic.practitionerId, alternatives },
    });
    expect(await outcome(extendHold(work, { token: hold.token }))).toBe("hold_expired");
    const row = await work.s.db.withTenant(work, (db) => pointedBooking(db, clinic.clinicId, { token: hold.token }));
    expect(viewOf(world.work, row)).toMatchObject({ state: "expired", canCancel: false });
  });

  test("that has run out is swept by whoever books its time", async () => {
    const { t, work, clinic } = world;
    const start = at(7, "10:00");
    await holdTime(work, holdInput(clinic, start));
    await runOut(t);
    expect(await startsOf(dayAt(7))).toContain(start.toISOString());
    expect(await outcome(bookTime(work, bookInput(clinic, start)))).toBe("ok");
    const rows = await t.admin("SELECT state FROM app.booking WHERE clinic_id = $1 AND starts_at = $2 ORDER BY state", [
      clinic.clinicId,
      start,
    ]);
    expect(rows).toEqual([{ state: "confirmed" }, { state: "expired" }]);
    expect(await doubles(t)).toBe(0);
  });

  test("that has run out is swept in the background, once, and says so", async () => {
    const { t, s, work, clinic } = world;
    await sweepHolds(s, clinic.clinicId);
    const hold = await holdTime(work, holdInput(clinic, at(7, "11:00")));
    expect(await sweepHolds(s, clinic.clinicId)).toBe(0);
    await runOut(t);
    expect(await sweepHolds(s, clinic.clinicId)).toBe(1);
    expect(await sweepHolds(s, clinic.clinicId)).toBe(0);
    const [row] = await t.admin(
      "SELECT e.type, a.actor, a.action FROM app.event e JOIN app.audit_log a ON a.entity_id = (e.payload->>'bookingId')::uuid AND a.action = 'booking.expired' WHERE e.type = 'booking.expired' ORDER BY e.seq DESC LIMIT 1",
    );
    expect(row).toEqual({ type: "booking.expired", actor: "system:holds", action: "booking.expired" });
    expect(await outcome(confirmBooking(work, { token: hold.token, key: randomUUID(), ...guest }))).toBe(
      "hold_expired",
    );
  });

  test("wakes the worker when it is due, at each extension anew", async () => {
    const { t, work, clinic } = world;
    const hold = await holdTime(work, holdInput(clinic, at(7, "12:00")));
    const more = await extendHold(work, { token: hold.token });
    const rows = await t.admin(
      "SELECT not_before, live FROM app.event WHERE type = 'booking.hold_due' ORDER BY seq DESC LIMIT 2",
    );
    expect(rows).toEqual([
      { not_before: more.expiresAt, live: false },
      { not_before: hold.expiresAt, live: false },
    ]);
  });
});

/** Moves every hold's end into the past, as ten minutes would. */
async function runOut(t: BookingWorld["t"]): Promise<void> {
  await t.admin(
    "UPDATE app.booking SET hold_expires_at = clock_timestamp() - interval '1 second' WHERE state = 'held'",
  );
  await t.admin(
    "UPDATE app.occupancy SET hold_expires_at = clock_timestamp() - interval '1 second' WHERE state = 'held'",
  );
}
