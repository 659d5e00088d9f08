import { randomBytes, randomUUID } from "node:crypto";
import { makeClinic, type MadeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookForPatient, bookTime } from "./book-time.ts";
import { getClinicRules, saveClinicRules } from "../../scheduling/clinic-rules.ts";
import { cancelBooking } from "../change/cancel-booking.ts";
import { confirmBooking } from "./confirm-booking.ts";
import { extendHold, holdTime } from "./hold-time.ts";
import {
  addDoctor,
  addNeed,
  addRoom,
  addService,
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  doubles,
  guestOf,
  holdInput,
  outcome,
  refusal,
} from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

async function clinicWith(service: string): Promise<{ clinic: MadeClinic; work: ReturnType<typeof guestOf> }> {
  const clinic = await makeClinic(world.t);
  await world.t.admin(`UPDATE app.service SET ${service} WHERE clinic_id = $1`, [clinic.clinicId]);
  return { clinic, work: guestOf(world.s, clinic) };
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe("the short way sees what the general way wrote", () => {
  test("buffers that neighbours shared once keep their distance when the clinic shares them no longer", async () => {
    const clinic = await makeClinic(world.t, { minutes: 20, intervalMinutes: 20 });
    const work = guestOf(world.s, clinic);
    const { clinicId } = clinic;
    const share = (on: boolean) =>
      world.t.admin("UPDATE app.clinic_profile SET share_buffers = $2 WHERE clinic_id = $1", [clinicId, on]);
    await world.t.admin("UPDATE app.service SET buffer_after = 10 WHERE clinic_id = $1", [clinicId]);
    await share(true);
    await bookTime(work, bookInput(clinic, at(3, "09:00")));
    // until then the next visit may begin in what was left beside it
    await share(false);
    const bare = { ...clinic, serviceId: await addService(world.t, clinic, 20) };
    expect(await outcome(bookTime(work, bookInput(bare, at(3, "09:20"))))).toBe("slot_taken");
    expect(await outcome(holdTime(work, holdInput(bare, at(3, "09:40"))))).toBe("ok");
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "08:40"))))).toBe("slot_taken");
    expect(await outcome(bookTime(work, bookInput(bare, at(3, "08:40"))))).toBe("ok");
  });

  test("what was booked before a clinic shares buffers shares them too", async () => {
    const clinic = await makeClinic(world.t, { minutes: 20, intervalMinutes: 5 });
    const work = { ...guestOf(world.s, clinic), actor: clinic.ownerAccountId };
    await world.t.admin("UPDATE app.service SET buffer_before = 10, buffer_after = 10 WHERE clinic_id = $1", [
      clinic.clinicId,
    ]);
    await bookTime(work, bookInput(clinic, at(3, "09:00")));
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:30"))))).toBe("slot_taken");
    const { holidayCountry, squeezeInCap, cancelUntilMinutes, version } = await getClinicRules(work);
    const rules = { holidayCountry, squeezeInCap, cancelUntilMinutes, version };
    await saveClinicRules(work, { ...rules, shareBuffers: true, key: randomUUID() });
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:25"))))).toBe("slot_taken");
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:30"))))).toBe("ok");
  });

  test("a session in which only a lapsed hold sits is in nobody's way, swept or not", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const alone = { ...clinic, serviceId: await addService(world.t, clinic, 20) };
    await world.t.admin("UPDATE app.service SET seats = 3 WHERE id = $1", [clinic.serviceId]);
    await holdTime(work, holdInput(clinic, at(3, "09:00")));
    expect(await outcome(bookTime(work, bookInput(alone, at(3, "09:00"))))).toBe("slot_taken");
    await world.t.admin("UPDATE app.booking SET hold_expires_at = now() - interval '1 s' WHERE clinic_id = $1", [
      clinic.clinicId,
    ]);
    expect(await outcome(bookTime(work, bookInput(alone, at(3, "09:00"))))).toBe("ok");
    // one who sits there keeps it
    await bookTime(work, bookInput(clinic, at(3, "10:00")));
    expect(await outcome(bookTime(work, bookInput(alone, at(3, "10:00"))))).toBe("slot_taken");
  });
});

describe("a service that takes more than a practitioner", () => {
  test("two doctors and one room: as many win as there are rooms, whichever doctor they asked for", async () => {
    for (const rooms of [1, 2]) {
      const clinic = await makeClinic(world.t);
      const work = guestOf(world.s, clinic);
      const doctors = [
        clinic.practitionerId,
        ...(await Promise.all(times(3, (i) => addDoctor(world.t, clinic, `Dr ${i}`, i)))),
      ];
      await addNeed(world.t, clinic, await Promise.all(times(rooms, (i) => addRoom(world.t, clinic, `Room ${i}`))));
      const ends = await Promise.all(
        times(16, (i) => outcome(bookTime(work, bookInput(clinic, at(3, "09:00"), { who: doctors[i % 4] ?? "any" })))),
      );
      expect(ends.filter((end) => end === "ok")).toHaveLength(rooms);
      expect(ends.filter((end) => end === "slot_taken")).toHaveLength(16 - rooms);
    }
    expect(await doubles(world.t)).toBe(0);
  });

  test("different doctors with a room each never stand in each other's way", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const doctors = [clinic.practitionerId, await addDoctor(world.t, clinic, "Dr Two", 1)];
    await addNeed(world.t, clinic, [await addRoom(world.t, clinic, "A"), await addRoom(world.t, clinic, "B")]);
    const ends = await Promise.all(
      times(12, (i) =>
        outcome(
          bookTime(
            work,
            bookInput(clinic, new Date(at(3, "09:00").getTime() + (i % 6) * 1_200_000), {
              who: doctors[i < 6 ? 0 : 1] ?? "",
            }),
          ),
        ),
      ),
    );
    expect(ends).toEqual(times(12, () => "ok"));
    expect(await doubles(world.t)).toBe(0);
  });

  test("a hold keeps the room too, and becomes a booking with it", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const other = await addDoctor(world.t, clinic, "Dr Two", 1);
    await addNeed(world.t, clinic, [await addRoom(world.t, clinic, "Room 1")]);
    const { token } = await holdTime(work, holdInput(clinic, at(3, "09:00")));
    expect(await outcome(holdTime(work, holdInput(clinic, at(3, "09:00"), { who: other })))).toBe("slot_taken");
    expect((await extendHold(work, { token })).presses).toBe(1);
    const view = await confirmBooking(work, { token, key: randomUUID(), name: "Sipho", phone: "+27821234567" });
    expect(view.state).toBe("confirmed");
    expect(await outcome(cancelBooking(work, "patient", { token, key: randomUUID() }))).toBe("ok");
    expect(await outcome(holdTime(work, holdInput(clinic, at(3, "09:00"), { who: other })))).toBe("ok");
  });
});

describe("rules that are looked at under the lock", () => {
  /** Ten at once, at different times of the day, with two doctors. */
  async function pressTogether(there: BookingWorld, clinic: MadeClinic): Promise<string[]> {
    await there.t.admin("UPDATE app.service SET day_count = 3 WHERE clinic_id = $1", [clinic.clinicId]);
    const doctors = [clinic.practitionerId, await addDoctor(there.t, clinic, "Dr Two", 1)];
    const work = guestOf(there.s, clinic);
    const start = (index: number) => new Date(at(3, "08:00").getTime() + index * 1_200_000);
    return Promise.all(
      times(10, (i) => outcome(bookTime(work, bookInput(clinic, start(i), { who: doctors[i % 2] ?? "any" })))),
    );
  }

  test("a limit a day holds however many press at once, at different times and with different doctors", async () => {
    const clinic = await makeClinic(world.t);
    const ends = await pressTogether(world, clinic);
    expect(ends.filter((end) => end === "ok")).toHaveLength(3);
    expect(ends.filter((end) => end === "slot_taken")).toHaveLength(7);
    expect(await outcome(bookTime(guestOf(world.s, clinic), bookInput(clinic, at(4, "08:00"))))).toBe("ok");
  });

  test("without the queue that limit is passed, and this test sees it", async () => {
    const other = await bookingWorld();
    try {
      await other.t.admin(`CREATE OR REPLACE FUNCTION app.queue_for(p_clinic uuid, p_resources uuid[]) RETURNS void
        LANGUAGE sql VOLATILE SET search_path = '' AS 'SELECT'`);
      const ends = await pressTogether(other, other.clinic);
      expect(ends.filter((end) => end === "ok").length).toBeGreaterThan(3);
    } finally {
      await other.close();
    }
  });

  test("shared buffers: neighbours overlap in their buffers only, under a race too", async () => {
    const { clinic, work } = await clinicWith("buffer_before = 10, buffer_after = 10, interval_minutes = 5");
    await world.t.admin("UPDATE app.clinic_profile SET share_buffers = true WHERE clinic_id = $1", [clinic.clinicId]);
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:00"))))).toBe("ok");
    // twenty minutes of visit and ten that both share
    const ends = await Promise.all(
      ["09:20", "09:25", "09:30", "09:30", "09:35"].map((time) =>
        outcome(bookTime(work, bookInput(clinic, at(3, time)))),
      ),
    );
    expect(ends.filter((end) => end === "ok")).toHaveLength(1);
    expect(ends.slice(0, 2)).toEqual(["slot_taken", "slot_taken"]);
  });

  test("a group session: seats go to as many as there are, a cancelled seat is somebody else's", async () => {
    const { clinic, work } = await clinicWith("seats = 4");
    const books = await Promise.allSettled(times(10, () => bookTime(work, bookInput(clinic, at(3, "09:00")))));
    const seated = books.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    expect(new Set(seated.map(({ booking }) => booking.seat?.no))).toEqual(new Set([1, 2, 3, 4]));
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:20"))))).toBe("ok");
    const gone = seated[1];
    await cancelBooking(work, "patient", { token: gone?.token ?? "", key: randomUUID() });
    const next = await bookTime(work, bookInput(clinic, at(3, "09:00")));
    expect(next.booking.seat).toEqual({ no: gone?.booking.seat?.no, of: 4 });
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:00"))))).toBe("slot_taken");
  });

  test("the same key twice is one booking", async () => {
    const { clinic, work } = await clinicWith("needs_approval = true");
    const input = bookInput(clinic, at(3, "09:00"));
    const [first, second] = await Promise.all([bookTime(work, input), bookTime(work, input)]);
    expect(first?.token).toBe(second?.token);
    expect(await outcome(bookTime(work, { ...input, name: "Somebody Else" }))).toBe("key_reused");
  });
});

describe("a choice of lengths", () => {
  test("takes the time of the length that was chosen, and no length that is not offered", async () => {
    const { clinic, work } = await clinicWith("other_minutes = '{40}'");
    const { booking } = await bookTime(work, { ...bookInput(clinic, at(3, "09:00")), minutes: 40 });
    expect(booking).toMatchObject({ minutes: 40, end: at(3, "09:40") });
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:20"))))).toBe("slot_taken");
    expect(await outcome(bookTime(work, { ...bookInput(clinic, at(3, "11:00")), minutes: 45 }))).toBe("invalid");
  });
});

describe("staff who book for a patient", () => {
  test("are bound by neither notice nor horizon nor grid, but by who is there", async () => {
    const clinic = await makeClinic(world.t, { noticeMinutes: 10_080, horizonDays: 20 });
    const work = guestOf(world.s, clinic);
    for (const start of [at(2, "09:00"), at(40, "09:00"), at(12, "09:07")]) {
      expect(await outcome(bookTime(work, bookInput(clinic, start)))).toBe("not_offered");
      expect(await outcome(bookForPatient(work, bookInput(clinic, start)))).toBe("ok");
    }
    const { code, detail } = await refusal(bookForPatient(work, bookInput(clinic, at(2, "09:10"))));
    expect([code, (detail["alternatives"] as unknown[]).length]).toEqual(["slot_taken", 3]);
    expect(await outcome(bookForPatient(work, bookInput(clinic, at(2, "22:00"))))).toBe("not_offered");
  });
});

describe("a clinic that is still practising", () => {
  test("is booked by its staff, with doctors who wait for approval, and by nobody else", async () => {
    const { clinic, work } = await clinicWith("buffer_after = 0");
    await world.t.admin("UPDATE platform.clinic SET status = 'practice' WHERE id = $1", [clinic.clinicId]);
    await world.t.admin("UPDATE app.practitioner SET approval = 'waiting' WHERE clinic_id = $1", [clinic.clinicId]);
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:00"))))).toBe("not_bookable");
    expect(await outcome(bookForPatient(work, bookInput(clinic, at(3, "09:00"))))).toBe("ok");
    expect(await outcome(bookForPatient(work, bookInput(clinic, at(3, "09:20"), { who: "any" })))).toBe("ok");
    expect(await outcome(bookForPatient(work, bookInput(clinic, at(3, "09:00"))))).toBe("slot_taken");
    await world.t.admin("UPDATE platform.clinic SET status = 'live' WHERE id = $1", [clinic.clinicId]);
    expect(await outcome(bookForPatient(work, bookInput(clinic, at(3, "11:00"))))).toBe("not_found");
  });
});

describe("one person's hold", () => {
  const mark = () => randomBytes(17).toString("base64url").slice(0, 22);

  test("goes when the same browser holds another time, and stays when that one is lost", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const other = await addDoctor(world.t, clinic, "Dr Two", 1);
    const holder = mark();
    await holdTime(work, { ...holdInput(clinic, at(3, "09:00")), holder });
    await bookTime(work, bookInput(clinic, at(3, "11:00"), { who: other }));
    expect(await outcome(holdTime(work, { ...holdInput(clinic, at(3, "11:00"), { who: other }), holder }))).toBe(
      "slot_taken",
    );
    expect(await outcome(holdTime(work, holdInput(clinic, at(3, "09:00"))))).toBe("slot_taken");
    await holdTime(work, { ...holdInput(clinic, at(3, "12:00"), { who: other }), holder });
    expect(await outcome(holdTime(work, holdInput(clinic, at(3, "09:00"))))).toBe("ok");
    const events = await world.t.admin("SELECT 1 FROM app.event WHERE clinic_id = $1 AND type = 'booking.expired'", [
      clinic.clinicId,
    ]);
    expect(events).toHaveLength(1);
  });

  test("may be held again by the same browser, also with anybody, and a booking is never let go", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const holder = mark();
    await holdTime(work, { ...holdInput(clinic, at(3, "09:00")), holder });
    const again = await holdTime(work, { ...holdInput(clinic, at(3, "09:00"), { who: "any" }), holder });
    await confirmBooking(work, { token: again.token, key: randomUUID(), name: "Sipho", phone: "+27821234567" });
    await holdTime(work, { ...holdInput(clinic, at(3, "10:00")), holder });
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:00"))))).toBe("slot_taken");
  });

  test("is one, however many tabs press at once", async () => {
    const clinic = await makeClinic(world.t);
    await addDoctor(world.t, clinic, "Dr Two", 1);
    const work = guestOf(world.s, clinic);
    const holder = mark();
    const starts = times(8, (i) => new Date(at(3, "09:00").getTime() + i * 1_200_000));
    const ends = await Promise.all(
      starts.map((start, i) =>
        outcome(
          holdTime(work, { ...holdInput(clinic, start, { who: i % 2 ? "any" : clinic.practitionerId }), holder }),
        ),
      ),
    );
    expect(new Set(ends)).toEqual(new Set(["ok"]));
    const held = await world.t.admin("SELECT 1 FROM app.booking WHERE clinic_id = $1 AND state = 'held'", [
      clinic.clinicId,
    ]);
    expect(held).toHaveLength(1);
  });
});
