import { makeClinic } from "@pulsecal/db/testing";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServices } from "../../../infra/services.ts";
import { testServices } from "../../../testing/test-services.ts";
import {
  addDoctor,
  at,
  type BookingWorld,
  booked,
  bookingWorld,
  guestOf,
  holdInput,
  outcome,
} from "../testing/booking-world.ts";
import { cancelBooking } from "../change/cancel-booking.ts";
import { moveByPatient } from "../change/move-booking.ts";
import { extendHold, holdTime, releaseHold } from "../take/hold-time.ts";
import { sweepHolds } from "../take/sweep-holds.ts";
import { offeredTimesOf } from "./offered-times.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const asked = ({ serviceId, practitionerId: who } = world.clinic) => ({ serviceId, who, days: 7 });

/** What the services that remember answer, beside services that never heard of this clinic. */
async function bothWays(clinic = world.clinic) {
  const { t, s } = world;
  const fresh = testServices(t);
  try {
    const remembered = await offeredTimesOf(guestOf(s, clinic), asked(clinic));
    const anew = await offeredTimesOf(guestOf(fresh, clinic), asked(clinic));
    return { remembered, times: remembered.days, anew: anew.days };
  } finally {
    await closeServices(fresh);
  }
}

/** The same answer is there before a change, and another one, the right one, right after it. */
async function seesAtOnce(change: () => Promise<unknown>, clinic = world.clinic): Promise<void> {
  const before = await bothWays(clinic);
  expect(before.times).toEqual(before.anew);
  expect((await bothWays(clinic)).remembered, "nothing happened: it is the very same answer").toBe(before.remembered);
  await change();
  const after = await bothWays(clinic);
  expect(after.times).toEqual(after.anew);
  expect(after.times, "the change is one that can be seen").not.toEqual(before.times);
}

describe("times that are answered from memory are the ones of this moment", () => {
  const link = { token: "" };

  test("when somebody books, moves and cancels", async () => {
    const { t, work, clinic } = world;
    await seesAtOnce(async () => {
      link.token = (await booked(t, work, clinic, at(2, "10:00"))).token;
    });
    await seesAtOnce(() =>
      moveByPatient(work, { ...link, start: at(3, "11:00"), who: clinic.practitionerId, key: randomUUID() }),
    );
    await seesAtOnce(() => cancelBooking(work, "patient", { ...link, key: randomUUID() }));
  });

  test("when somebody holds a time, keeps it longer, and lets it go", async () => {
    const { work, clinic } = world;
    await seesAtOnce(async () => {
      link.token = (await holdTime(work, holdInput(clinic, at(2, "10:20")))).token;
    });
    await extendHold(work, link);
    const { times, anew } = await bothWays();
    expect(times).toEqual(anew);
    await seesAtOnce(() => releaseHold(work, link));
  });

  test("when a hold runs out and nobody has swept it yet", async () => {
    const { t, s, work, clinic } = world;
    const { token } = await holdTime(work, holdInput(clinic, at(2, "10:40")));
    const [soon] = await t.admin(
      `WITH held AS (UPDATE app.booking SET hold_expires_at = clock_timestamp() + interval '900 milliseconds'
         WHERE clinic_id = $1 AND state = 'held' RETURNING id, hold_expires_at)
       UPDATE app.occupancy o SET hold_expires_at = held.hold_expires_at FROM held WHERE o.booking_id = held.id
       RETURNING o.hold_expires_at AS at`,
      [clinic.clinicId],
    );
    expect(token).not.toBe("");
    // As if it had been made so: what was known of its end before is forgotten with the next event.
    await booked(t, work, clinic, at(5, "09:00"));
    await offeredTimesOf(work, asked());
    await t.admin("SELECT pg_sleep_until($1)", [soon?.["at"]]);
    const lapsed = await bothWays();
    expect(lapsed.times).toEqual(lapsed.anew);
    const free = lapsed.times.flatMap((day) => day.times.map(({ start }) => start.getTime()));
    expect(free).toContain(at(2, "10:40").getTime());
    await sweepHolds(s, clinic.clinicId);
    const { times, anew } = await bothWays();
    expect(times).toEqual(anew);
  });

  const behindOurBack: Record<string, string> = {
    "hours are taken away": "DELETE FROM app.opening_hours WHERE clinic_id = $1",
    "somebody goes on leave": `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at)
      SELECT clinic_id, gen_random_uuid(), id, now() + interval '2 days', now() + interval '3 days' FROM app.practitioner WHERE clinic_id = $1`,
    "the clinic shuts for a day": `INSERT INTO app.closure (clinic_id, id, starts_at, ends_at, label)
      VALUES ($1, $1, now() + interval '4 days', now() + interval '5 days', 'Away')`,
    "a service takes longer": "UPDATE app.service SET minutes = 45 WHERE clinic_id = $1",
  };
  test.each(Object.entries(behindOurBack))("when %s", async (_, sql) => {
    const clinic = await makeClinic(world.t);
    await seesAtOnce(() => world.t.admin(sql, [clinic.clinicId]), clinic);
  });

  test("while a transaction stays open, and when it commits what nobody saw before", async () => {
    const { t, work, clinic } = world;
    const slow = new pg.Client({ connectionString: t.adminUrl });
    await slow.connect();
    try {
      await slow.query("BEGIN");
      await slow.query(
        "INSERT INTO app.event (clinic_id, id, type, payload) VALUES ($1, gen_random_uuid(), 'booking.kept', '{}')",
        [clinic.clinicId],
      );
      await booked(t, work, clinic, at(4, "12:00"));
      const during = await offeredTimesOf(work, asked());
      expect(await offeredTimesOf(work, asked()), "what it saw is no news").toBe(during);
      await slow.query("COMMIT");
      expect(await offeredTimesOf(work, asked()), "what it did not see is").not.toBe(during);
    } finally {
      await slow.end();
    }
  });

  test("of one practitioner and of anyone apart, and of each clinic", async () => {
    const { t, s, work, clinic } = world;
    const second = await addDoctor(t, clinic, "Dr Second", 2);
    const own = await offeredTimesOf(work, asked());
    const anyone = await offeredTimesOf(work, { ...asked(), who: "any" });
    const theirs = await offeredTimesOf(work, { ...asked(), who: second });
    expect(own.who?.id).toBe(clinic.practitionerId);
    expect(anyone.who).toBeNull();
    expect(theirs.who?.id).toBe(second);
    const elsewhere = { ...guestOf(s, clinic), clinicId: randomUUID() };
    expect(await outcome(offeredTimesOf(elsewhere, asked()))).toBe("not_found");
  });

  test("not when the clinic is paused", async () => {
    await offeredTimesOf(world.work, asked());
    await world.t.admin("UPDATE platform.clinic SET status = 'suspended' WHERE id = $1", [world.clinic.clinicId]);
    expect(await outcome(offeredTimesOf(world.work, asked()))).toBe("not_bookable");
    await world.t.admin("UPDATE platform.clinic SET zone = 'Africa/Nairobi', status = 'live' WHERE id = $1", [
      world.clinic.clinicId,
    ]);
    const moved = await offeredTimesOf(world.work, asked());
    expect(moved.zone, "the row that was known names the old zone").toBe("Africa/Nairobi");
  });
});
