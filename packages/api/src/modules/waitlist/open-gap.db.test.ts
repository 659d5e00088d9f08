import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  addDoctor,
  addNeed,
  addRoom,
  addService,
  at,
  type BookingWorld,
  bookingWorld,
  bookInput,
  outcome,
} from "../booking/testing/booking-world.ts";
import { sweepHolds } from "../booking/index.ts";
import { type WaitlistWorld, waitlistWorld } from "./testing/waitlist-world.ts";

let base: BookingWorld;
let w: WaitlistWorld;

beforeAll(async () => {
  base = await bookingWorld();
});
afterAll(() => base.close());
beforeEach(async () => {
  w = await waitlistWorld(base);
});

const key = () => randomUUID();
const cancel = (token: string) => w.guest.patient.booking.cancel({ token, key: key() });
const seen = (token: string) => w.guest.patient.waitlist.get({ token });

/** Staff drag or stretch the clinic's one booking. */
async function moveByStaff(to: { start: Date; minutes?: number }) {
  const { clinicId, practitionerId } = w.clinic;
  const [booking] = await w.t.admin("SELECT id, sequence FROM app.booking WHERE clinic_id = $1", [clinicId]);
  const seen = { bookingId: String(booking?.["id"]), sequence: Number(booking?.["sequence"]) };
  await w.staff.staff.bookings.move({ ...seen, ...to, practitionerId, key: key() });
}

describe("a freed time", () => {
  test("is held for the first in the order, and for nobody else", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    const sipho = await w.join("Sipho", { since: 3 });
    const start = await w.free(at(2, "10:00"));
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    const view = await seen(thandi.token);
    expect(view.offer).toMatchObject({ start, practitionerName: "Dr Test" });
    const minutes = ((view.offer?.expiresAt.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
    expect((await seen(sipho.token)).offer).toBeNull();
    expect(await w.standing(start)).toEqual(["held"]);
    expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("slot_taken");
  });

  test("goes by urgency, then days waited, then who asked first", async () => {
    await w.join("Late", { since: 1 });
    await w.join("Old", { since: 9 });
    await w.join("Urgent", { urgency: 2 });
    await w.free(at(2, "10:00"));
    for (let turn = 0; turn < 3; turn++) {
      await w.runOut();
      await w.work();
    }
    expect((await w.log()).map(([name]) => name)).toEqual(["Urgent", "Old", "Late"]);
  });

  test("is offered once to somebody who put themselves on the list twice; a family shares an address", async () => {
    await w.join("Thandi", { since: 9 });
    await w.join("Thandi", { since: 8 });
    await w.join("Neo", { since: 7, email: w.mailbox("Thandi") });
    await w.free(at(2, "10:00"));
    for (let turn = 0; turn < 3; turn++) {
      await w.runOut();
      await w.work();
    }
    expect((await w.log()).map(([name]) => name)).toEqual(["Thandi", "Neo"]);
    expect((await w.staff.staff.waitlist.list()).entries.map(({ name }) => name)).toEqual(["Thandi", "Neo"]);
  });

  test("is offered to those whom it suits: service, length, practitioner, days and hours", async () => {
    const long = await addService(w.t, w.clinic, 40);
    const naidoo = await addDoctor(w.t, w.clinic, "Dr Naidoo", 1);
    const start = at(2, "10:00");
    const weekday = (new Date(start.getTime() + 2 * 3_600_000).getUTCDay() || 7) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
    const day = start.toISOString().slice(0, 10);
    await w.join("Long", { since: 9, serviceId: long });
    await w.join("Naidoo", { since: 8, who: naidoo });
    await w.join("Evening", { since: 7, canCome: [{ weekday, from: 17 * 60, to: 19 * 60 }] });
    await w.join("Later", { since: 6, notBefore: at(9, "08:00").toISOString().slice(0, 10) });
    await w.join("Morning", {
      since: 5,
      canCome: [{ weekday, from: 9 * 60, to: 11 * 60 }],
      notBefore: day,
      notAfter: day,
    });
    await w.free(at(2, "10:00"));
    await w.runOut();
    await w.work();
    expect(await w.log()).toEqual([["Morning", "expired"]]);
  });

  test("makes no gap when nobody waits for it; whoever joins later books it like everybody", async () => {
    await w.free(at(2, "10:00"));
    await w.join("Lerato");
    await w.work();
    const rows = await w.t.admin("SELECT count(*)::int AS n FROM app.waitlist_gap WHERE clinic_id = $1", [
      w.clinic.clinicId,
    ]);
    expect(rows).toEqual([{ n: 0 }]);
  });

  test("is announced when it is found, though nobody who fits can be written to", async () => {
    await w.join("Gogo", { phoneOnly: true });
    await w.free(at(2, "10:00"));
    expect(await w.log()).toEqual([]);
    const { gaps } = await w.staff.staff.waitlist.list();
    expect(gaps.map(({ fits }) => fits.map(({ name }) => name))).toEqual([["Gogo"]]);
    const told = await w.t.admin("SELECT payload, live FROM app.event WHERE clinic_id = $1 AND type = 'waitlist.gap'", [
      w.clinic.clinicId,
    ]);
    expect(told).toEqual([{ payload: { gapId: gaps[0]?.id }, live: true }]);
  });

  test("that somebody else takes first is nobody's turn", async () => {
    await w.join("Thandi");
    const { token, start } = await w.book(at(2, "10:00"));
    await cancel(token);
    await w.guest.public.booking.book(bookInput(w.clinic, start));
    await w.work();
    expect(await w.log()).toEqual([]);
    expect((await w.staff.staff.waitlist.list()).gaps).toEqual([]);
  });

  test("by a move is the place that was left, not the one that was taken", async () => {
    await w.join("Thandi");
    const { token, start } = await w.book(at(2, "10:00"));
    const to = at(2, "14:00");
    await w.guest.patient.booking.move({ token, start: to, who: w.clinic.practitionerId, key: key() });
    await w.work();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    expect([await w.standing(start), await w.standing(to)]).toEqual([["held"], ["confirmed"]]);
  });

  test("by a move at the desk is the desk's for three minutes, then of whoever waits", async () => {
    await w.join("Thandi");
    await w.work();
    const { start } = await w.book(at(2, "10:00"));
    await moveByStaff({ start: at(2, "15:00") });
    expect(await w.work()).toContain("open_gap: waits for the desk");
    expect(await w.log()).toEqual([]);
    expect((await w.staff.staff.waitlist.list()).gaps).toMatchObject([{ start, offer: null }]);
    const [due] = await w.t.admin(
      `SELECT extract(epoch FROM not_before - at)::int AS s FROM app.event
       WHERE clinic_id = $1 AND type = 'waitlist.offer_due' ORDER BY not_before LIMIT 1`,
      [w.clinic.clinicId],
    );
    expect(due).toEqual({ s: 180 });
    await w.runOut();
    await w.work();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    expect(await w.standing(start)).toEqual(["held"]);
  });

  test("by a declined request is offered", async () => {
    await w.t.admin("UPDATE app.service SET needs_approval = true WHERE id = $1", [w.clinic.serviceId]);
    await w.join("Thandi");
    const { start } = await w.book(at(2, "10:00"));
    const [asked] = await w.t.admin("SELECT id, state FROM app.booking WHERE clinic_id = $1", [w.clinic.clinicId]);
    expect(asked?.["state"]).toBe("requested");
    await w.staff.staff.bookings.transition({ bookingId: String(asked?.["id"]), to: "declined", key: key() });
    await w.work();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    expect(await w.standing(start)).toEqual(["held"]);
  });

  test("by a request that ran out unanswered is offered; a hold without a name was everybody's before", async () => {
    await w.t.admin("UPDATE app.service SET needs_approval = true WHERE id = $1", [w.clinic.serviceId]);
    await w.join("Thandi");
    const { clinicId, serviceId, practitionerId: who } = w.clinic;
    await w.guest.public.booking.hold({ serviceId, who, start: at(2, "10:00"), key: key() });
    await w.runOut();
    expect(await w.work()).toContain("expire_hold: expired 1");
    expect(await w.log()).toEqual([]);
    await w.book(at(2, "11:00"));
    await w.t.admin("UPDATE app.booking SET hold_expires_at = now() WHERE clinic_id = $1 AND state = 'requested'", [
      clinicId,
    ]);
    await w.t.admin("UPDATE app.occupancy SET hold_expires_at = now() WHERE clinic_id = $1 AND state = 'held'", [
      clinicId,
    ]);
    await sweepHolds(w.s, clinicId);
    await w.work();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    const [{ starts_at: start } = {}] = await w.t.admin("SELECT starts_at FROM app.waitlist_gap WHERE clinic_id = $1", [
      clinicId,
    ]);
    expect(start).toEqual(at(2, "11:00"));
  });

  test("of a visit that is only longer or shorter now is no gap", async () => {
    await w.join("Thandi");
    const { start } = await w.book(at(2, "10:00"));
    await moveByStaff({ start, minutes: 40 });
    await w.work();
    expect(await w.log()).toEqual([]);
  });

  test("of a service that needs a room is held together with the room", async () => {
    const room = await addRoom(w.t, w.clinic, "Room 1");
    await addNeed(w.t, w.clinic, [room]);
    await w.join("Thandi");
    const start = await w.free(at(2, "10:00"));
    const held = await w.t.admin(
      "SELECT resource_id FROM app.occupancy WHERE clinic_id = $1 AND state = 'held' AND starts_at = $2",
      [w.clinic.clinicId, start],
    );
    expect(new Set(held.map((row) => row["resource_id"]))).toEqual(new Set([room, w.clinic.practitionerId]));
  });

  test("is not offered where the clinic's rules do not offer it: leave over it keeps it", async () => {
    await w.join("Thandi");
    const { token, start } = await w.book(at(2, "10:00"));
    await w.t.admin(
      `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at)
       VALUES ($1, gen_random_uuid(), $2, $3::timestamptz - interval '1 hour', $3::timestamptz + interval '1 hour')`,
      [w.clinic.clinicId, w.clinic.practitionerId, start],
    );
    await cancel(token);
    await w.work();
    expect(await w.log()).toEqual([]);
    expect(await w.standing(start)).toEqual([]);
  });
});
