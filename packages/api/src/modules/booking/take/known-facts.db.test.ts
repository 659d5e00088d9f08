import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeClinic, type MadeClinic } from "@pulsecal/db/testing";
import { inOneWrite, type Work } from "../../../infra/in-tx.ts";
import { loadFacts } from "../../scheduling/facts.repo.ts";
import { recallFacts } from "../../scheduling/index.ts";
import { bookTime } from "./book-time.ts";
import { takeTimeOnce } from "../booking.repo.ts";
import {
  addDoctor,
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  guestOf,
  outcome,
} from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

/** A clinic whose facts this process knows from a booking. */
async function knownClinic(): Promise<{
  clinic: MadeClinic;
  work: Work;
  asked: { serviceId: string; practitionerId: string };
}> {
  const clinic = await makeClinic(world.t);
  const work = guestOf(world.s, clinic);
  await bookTime(work, bookInput(clinic, at(3, "08:00")));
  expect(recallFacts(work, clinic)).not.toBeNull();
  return { clinic, work, asked: clinic };
}

describe("facts known from before", () => {
  const changes: Record<string, { sql: string; end: string }> = {
    "closed weekdays": { sql: "DELETE FROM app.opening_hours WHERE clinic_id = $1", end: "not_offered" },
    "a closed date": {
      sql: `INSERT INTO app.hours_override (clinic_id, id, resource_id, date, windows)
        SELECT clinic_id, gen_random_uuid(), id, (now() + interval '4 days 2 hours')::date, '[]' FROM app.resource WHERE clinic_id = $1`,
      end: "not_offered",
    },
    leave: {
      sql: `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at)
        SELECT clinic_id, gen_random_uuid(), id, now() + interval '3 days', now() + interval '6 days' FROM app.resource WHERE clinic_id = $1`,
      end: "not_offered",
    },
    "a closure": {
      sql: `INSERT INTO app.closure (clinic_id, id, starts_at, ends_at, label)
        VALUES ($1, $1, now() + interval '3 days', now() + interval '6 days', 'Stock-taking')`,
      end: "not_offered",
    },
    "a timetable without windows": {
      sql: `INSERT INTO app.timetable (clinic_id, id, resource_id, weekly)
        SELECT clinic_id, gen_random_uuid(), id, '[]' FROM app.practitioner WHERE clinic_id = $1`,
      end: "not_offered",
    },
    "a longer notice": {
      sql: "UPDATE app.service SET notice_minutes = 20000 WHERE clinic_id = $1",
      end: "not_offered",
    },
    "a service that is gone": { sql: "UPDATE app.service SET active = false WHERE clinic_id = $1", end: "not_found" },
    "a doctor who stopped giving it": {
      sql: "DELETE FROM app.service_practitioner WHERE clinic_id = $1",
      end: "not_found",
    },
    "a doctor who left": { sql: "UPDATE app.practitioner SET active = false WHERE clinic_id = $1", end: "not_found" },
    "a clinic that is paused": {
      sql: "UPDATE platform.clinic SET status = 'suspended' WHERE id = $1",
      end: "not_bookable",
    },
    "another zone": { sql: "UPDATE platform.clinic SET zone = 'Pacific/Auckland' WHERE id = $1", end: "not_offered" },
    "a longer limit to cancel": {
      sql: "UPDATE app.clinic_profile SET cancel_until_minutes = 600 WHERE clinic_id = $1",
      end: "ok",
    },
    "a move to other rooms": { sql: "UPDATE app.location SET address = 'Elsewhere 2' WHERE clinic_id = $1", end: "ok" },
  };
  test.each(Object.keys(changes))("are not booked on after a change behind our back: %s", async (name) => {
    const { clinic, work, asked } = await knownClinic();
    const change = changes[name] as { sql: string; end: string }; // the name is one of its keys
    await world.t.admin(change.sql, [clinic.clinicId]);
    expect(await outcome(bookTime(work, bookInput(clinic, at(4, "10:00"))))).toBe(change.end);
    const fresh = await world.s.db.withTenant({ clinicId: clinic.clinicId, actor: "guest" }, (db) =>
      loadFacts(db, { clinicId: clinic.clinicId, ...asked }),
    );
    if (change.end === "ok") expect(recallFacts(work, asked)).toEqual({ ...fresh, now: expect.any(Number) });
  });

  test("show the patient what holds now", async () => {
    const { clinic, work } = await knownClinic();
    await world.t.admin("UPDATE app.service SET minutes = 40, name = 'Long visit' WHERE clinic_id = $1", [
      clinic.clinicId,
    ]);
    await world.t.admin("UPDATE app.location SET address = 'Elsewhere 2' WHERE clinic_id = $1", [clinic.clinicId]);
    const { booking } = await bookTime(work, bookInput(clinic, at(4, "10:00")));
    expect(booking.end.getTime() - booking.start.getTime()).toBe(40 * 60_000);
    expect(booking).toMatchObject({ service: { name: "Long visit", minutes: 40 }, clinic: { address: "Elsewhere 2" } });
  });

  test("do not say no: what was closed and is open again can be booked at once", async () => {
    const { clinic, work } = await knownClinic();
    await world.t.admin("UPDATE app.service SET notice_minutes = 20000 WHERE clinic_id = $1", [clinic.clinicId]);
    expect(await outcome(bookTime(work, bookInput(clinic, at(4, "10:00"))))).toBe("not_offered");
    await world.t.admin("UPDATE app.service SET notice_minutes = 0 WHERE clinic_id = $1", [clinic.clinicId]);
    expect(await outcome(bookTime(work, bookInput(clinic, at(4, "10:00"))))).toBe("ok");
  });

  test("serve one clinic and one doctor only", async () => {
    const { clinic, work, asked } = await knownClinic();
    const second = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    expect(recallFacts(work, { ...asked, practitionerId: second })).toBeNull();
    expect(recallFacts({ ...work, clinicId: world.clinic.clinicId }, asked)).toBeNull();
  });

  test("changed by somebody at every turn end in a conflict, not in a fault", async () => {
    const other = await bookingWorld();
    try {
      // a clinic whose version has moved on each time somebody comes to write
      await other.t.admin(`CREATE OR REPLACE FUNCTION app.queue_for(p_clinic uuid, p_resources uuid[]) RETURNS void
        LANGUAGE sql VOLATILE SET search_path = '' AS 'UPDATE platform.clinic SET rules_version = 0 WHERE id = p_clinic'`);
      expect(await outcome(bookTime(other.work, bookInput(other.clinic, at(4, "10:00"))))).toBe("conflict");
    } finally {
      await other.close();
    }
  });
});

describe("the write itself", () => {
  const row = async (clinic: MadeClinic, work: Work) => {
    const facts = await world.s.db.withTenant({ clinicId: clinic.clinicId, actor: "guest" }, (db) =>
      loadFacts(db, clinic),
    );
    const start = at(5, "10:00");
    const end = new Date(start.getTime() + 20 * 60_000);
    const id = randomUUID();
    const booking = {
      id,
      ref: "ABCD",
      state: "confirmed" as const,
      startsAt: start,
      endsAt: end,
      holdExpiresAt: null,
      createdAt: new Date(),
      bookedBy: "patient",
      sequence: 0,
      serviceId: clinic.serviceId,
      serviceName: "",
      minutes: 20,
      priceCents: 0n,
      practitionerId: clinic.practitionerId,
      practitionerName: "",
      address: null,
      patientId: null,
      patientName: null,
      clinicName: "",
      slug: "",
      zone: "",
      clinicStatus: "live",
      phone: null,
      cancelUntilMinutes: 0,
      blockedFrom: start,
      blockedTo: end,
      version: facts?.version ?? "",
      now: new Date(facts?.now ?? 0),
      tokenHash: id.replaceAll("-", "").repeat(2),
      patient: null,
      reason: null,
      holder: null,
    };
    const trail = {
      events: [],
      audit: { action: "booking.booked", detail: {} },
      answer: { key: randomUUID(), inputHash: "x", answer: {} },
    };
    const take = (over: Partial<typeof booking>, clinicId = clinic.clinicId) =>
      inOneWrite(work, (db) => takeTimeOnce(db, clinicId, { ...booking, ...over }, trail));
    return { booking, take };
  };

  test("refuses facts of another version and a clock that is off, and writes nothing then", async () => {
    const clinic = await makeClinic(world.t);
    const { booking, take } = await row(clinic, guestOf(world.s, clinic));
    const minute = 60_000;
    expect((await take({ version: String(BigInt(booking.version) + 1n) })).status).toBe("stale");
    expect((await take({ version: String(BigInt(booking.version) - 1n) })).status).toBe("stale");
    expect((await take({ now: new Date(booking.now.getTime() - minute) })).status).toBe("stale");
    expect((await take({ now: new Date(booking.now.getTime() + minute) })).status).toBe("stale");
    expect(await world.t.admin("SELECT FROM app.booking WHERE clinic_id = $1", [clinic.clinicId])).toEqual([]);
    expect(await world.t.admin("SELECT FROM app.idempotency WHERE clinic_id = $1", [clinic.clinicId])).toEqual([]);
    expect((await take({})).status).toBe("taken_now");
  });

  test("holds row security: a write that names another clinic reaches nothing there", async () => {
    const [mine, theirs] = [await makeClinic(world.t), await makeClinic(world.t)];
    const { take } = await row(theirs, guestOf(world.s, mine));
    expect((await take({}, theirs.clinicId)).status).toBe("stale");
    await expect(take({}, mine.clinicId)).rejects.toThrow();
    const left = await world.t.admin("SELECT FROM app.booking WHERE clinic_id = ANY($1)", [
      [mine.clinicId, theirs.clinicId],
    ]);
    expect(left).toEqual([]);
  });
});
