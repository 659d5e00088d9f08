import { randomBytes, randomUUID } from "node:crypto";
import { newId } from "@pulsecal/db";
import { type MadeClinic, makeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashToken } from "../../../infra/tokens.ts";
import { refusalOf } from "../../../trpc/error-map.ts";
import { openPatient } from "../../records/index.ts";
import { bookTime } from "../take/book-time.ts";
import { confirmBooking } from "../take/confirm-booking.ts";
import { extendHold, holdTime, releaseHold } from "../take/hold-time.ts";
import {
  addDoctor,
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  doubles,
  guestOf,
  holdInput,
  outcome,
} from "../testing/booking-world.ts";
import { confirmFamily } from "./confirm-family.ts";
import { proposeTimes } from "./propose-family.ts";
import type { FamilyConfirmInput } from "./sets.schema.ts";
import { takeFamily } from "./take-family.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const hold = (start: Date) => holdTime(world.work, holdInput(world.clinic, start));
const visitsAt = (...starts: Date[]) => starts.map((start) => ({ start, practitionerId: world.clinic.practitionerId }));
const take = (token: string, visits: { start: Date; practitionerId: string }[], key = randomUUID()) =>
  takeFamily(world.work, { token, visits, key });

function people(token: string, ...names: string[]): FamilyConfirmInput {
  return {
    token,
    people: names.map((name) => ({ name })),
    email: "nomsa@people.example",
    phone: undefined,
    reason: "canary: check-up for all",
    key: randomUUID(),
  };
}

const stateOf = async (token: string) =>
  (await world.t.admin("SELECT state FROM app.booking WHERE token_hash = $1", [hashToken(token)]))[0]?.["state"];
const up = (a: number, b: number) => a - b;
const startsOf = (visits: { start: Date }[] | null | undefined) => visits?.map(({ start }) => start);

/** Rooms of which the clinic's service needs one. */
async function addRooms({ clinicId, serviceId }: MadeClinic, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  const needId = newId();
  await world.t.db.withTx({ clinicId, actor: "guest" }, async (tx) => {
    await tx.resource.createMany({ data: ids.map((id, i) => ({ clinicId, id, kind: "room", name: `Room ${i}` })) });
    await tx.serviceNeed.createMany({ data: { clinicId, id: needId, serviceId } });
    const links = ids.map((resourceId) => ({ clinicId, id: newId(), needId, resourceId }));
    await tx.serviceNeedResource.createMany({ data: links });
  });
  return ids;
}

async function roomsOf(visits: { token: string }[]): Promise<string[]> {
  const rows = await world.t.admin(
    `SELECT r.id FROM app.booking b JOIN app.occupancy o ON o.booking_id = b.id AND o.state = 'held'
     JOIN app.resource r ON r.id = o.resource_id AND r.kind = 'room' WHERE b.token_hash = ANY ($1) ORDER BY r.id`,
    [visits.map((visit) => hashToken(visit.token))],
  );
  return rows.map(({ id }) => String(id));
}

describe("when a family can come", () => {
  test("is one after the other from the held time, with the same doctor", async () => {
    const { token } = await hold(at(3, "09:00"));
    const { together, apart } = await proposeTimes(world.work, { token, people: 3 });
    expect(together).toEqual(visitsAt(at(3, "09:00"), at(3, "09:20"), at(3, "09:40")));
    expect(apart).toEqual([]);
  });

  test("is a run that ends with the held time where the next is taken", async () => {
    await bookTime(world.work, bookInput(world.clinic, at(4, "09:20")));
    const { token } = await hold(at(4, "09:00"));
    const { together } = await proposeTimes(world.work, { token, people: 2 });
    expect(startsOf(together)).toEqual([at(4, "08:40"), at(4, "09:00")]);
  });

  test("is side by side where another doctor has the held time too", async () => {
    const clinic = await makeClinic(world.t, { hours: { from: 540, to: 560 } });
    const second = await addDoctor(world.t, clinic, "Dr Second", 2);
    const work = guestOf(world.s, clinic);
    const { token } = await holdTime(work, holdInput(clinic, at(3, "09:00")));
    const { together } = await proposeTimes(work, { token, people: 2 });
    expect(together?.map(({ practitionerId }) => practitionerId).sort()).toEqual(
      [clinic.practitionerId, second].sort(),
    );
    const { visits } = await takeFamily(work, { token, visits: together ?? [], key: randomUUID() });
    expect(startsOf(visits)).toEqual([at(3, "09:00"), at(3, "09:00")]);
  });

  test("is with a wait, or another day, where no run has the held time", async () => {
    const { work, clinic } = world;
    for (const time of ["10:40", "11:20"]) await bookTime(work, bookInput(clinic, at(5, time)));
    const { token } = await hold(at(5, "11:00"));
    const { together, apart } = await proposeTimes(work, { token, people: 2 });
    expect(together).toBeNull();
    expect(apart.map(startsOf)).toEqual([
      [at(5, "11:00"), at(5, "11:40")],
      [at(5, "11:40"), at(5, "12:00")],
      [at(4, "16:20"), at(4, "16:40")],
    ]);
  });

  test("is not asked about a hold that is over, or a link of another clinic", async () => {
    const { token } = await hold(at(6, "09:00"));
    await world.t.admin("UPDATE app.booking SET hold_expires_at = now() - interval '1 s' WHERE token_hash = $1", [
      hashToken(token),
    ]);
    expect(await outcome(proposeTimes(world.work, { token, people: 2 }))).toBe("hold_expired");
    const other = guestOf(world.s, await makeClinic(world.t));
    expect(await outcome(proposeTimes(other, { token, people: 2 }))).toBe("not_found");
  });
});

describe("holding a family's times", () => {
  test("puts the set in the place of the one hold, once for one key", async () => {
    const { token } = await hold(at(7, "09:00"));
    const key = randomUUID();
    const visits = visitsAt(at(7, "09:00"), at(7, "09:20"));
    const taken = await take(token, visits, key);
    expect(await take(token, visits, key)).toEqual(taken);
    expect(startsOf(taken.visits)).toEqual([at(7, "09:00"), at(7, "09:20")]);
    expect(await stateOf(token)).toBe("expired");
    expect(await Promise.all(taken.visits.map((visit) => stateOf(visit.token)))).toEqual(["held", "held"]);
  });

  test("may be done again with more people: the set before goes, all of it", async () => {
    const { token } = await hold(at(7, "10:00"));
    const first = await take(token, visitsAt(at(7, "10:00"), at(7, "10:20")));
    const again = first.visits[1]?.token ?? "";
    const { together } = await proposeTimes(world.work, { token: again, people: 3 });
    expect(startsOf(together)).toEqual([at(7, "10:20"), at(7, "10:40"), at(7, "11:00")]);
    const second = await take(again, together ?? []);
    expect(await Promise.all(first.visits.map((visit) => stateOf(visit.token)))).toEqual(["expired", "expired"]);
    expect(second.visits.length).toBe(3);
  });

  test("is kept longer by one press on any of it, and given back as a whole", async () => {
    const { token } = await hold(at(7, "13:00"));
    const { visits, expiresAt } = await take(token, visitsAt(at(7, "13:00"), at(7, "13:20")));
    const [first, second] = visits.map((visit) => visit.token);
    const press = { token: second ?? "", key: randomUUID() };
    const pressed = await extendHold(world.work, press);
    expect(pressed).toEqual({ presses: 1, expiresAt: new Date(expiresAt.getTime() + 5 * 60_000) });
    expect(await extendHold(world.work, press)).toEqual(pressed);
    const ends = await world.t.admin(
      `SELECT DISTINCT b.hold_expires_at AS booking, o.hold_expires_at AS occupancy FROM app.booking b
       JOIN app.occupancy o ON o.booking_id = b.id WHERE b.token_hash = ANY ($1)`,
      [visits.map((visit) => hashToken(visit.token))],
    );
    expect(ends).toEqual([{ booking: pressed.expiresAt, occupancy: pressed.expiresAt }]);
    expect(await releaseHold(world.work, { token: first ?? "" })).toEqual({ released: true });
    expect([await stateOf(first ?? ""), await stateOf(second ?? "")]).toEqual(["expired", "expired"]);
    expect(await releaseHold(world.work, { token: second ?? "" })).toEqual({ released: false });
    expect(await outcome(extendHold(world.work, { token: second ?? "" }))).toBe("hold_expired");
  });

  test("goes with the browser that holds it: its next hold lets the whole set go", async () => {
    const { work, clinic } = world;
    const holder = randomBytes(17).toString("base64url").slice(0, 22);
    const { token } = await holdTime(work, { ...holdInput(clinic, at(7, "15:00")), holder });
    const { visits } = await take(token, visitsAt(at(7, "15:00"), at(7, "15:20")));
    await holdTime(work, { ...holdInput(clinic, at(7, "16:00")), holder });
    expect(await Promise.all(visits.map((visit) => stateOf(visit.token)))).toEqual(["expired", "expired"]);
  });

  test("does not lose the held time to notice that came into force while somebody typed", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token } = await holdTime(work, holdInput(clinic, at(3, "10:00")));
    await world.t.admin("UPDATE app.service SET notice_minutes = 10080 WHERE id = $1", [clinic.serviceId]);
    const { together } = await proposeTimes(work, { token, people: 2 });
    expect(startsOf(together)).toEqual([at(3, "10:00"), at(3, "10:20")]);
    expect((await takeFamily(work, { token, visits: together ?? [], key: randomUUID() })).visits.length).toBe(2);
  });

  test("takes a room for each who comes at the same time, and one for a run", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t);
    const second = await addDoctor(t, clinic, "Dr Second", 2);
    const [one, two] = await addRooms(clinic, 2);
    const work = guestOf(s, clinic);
    const start = at(3, "09:00");
    const visits = (offset: number, ...who: string[]) =>
      who.map((practitionerId, i) => ({ start: new Date(start.getTime() + i * offset), practitionerId }));
    const { token } = await holdTime(work, holdInput(clinic, start));
    const aside = await takeFamily(work, {
      token,
      visits: visits(0, clinic.practitionerId, second),
      key: randomUUID(),
    });
    expect(new Set(await roomsOf(aside.visits))).toEqual(new Set([one, two]));
    const again = { token: aside.visits[0]?.token ?? "", key: randomUUID() };
    const run = await takeFamily(work, { ...again, visits: visits(20 * 60_000, second, second, second) });
    expect(new Set(await roomsOf(run.visits)).size).toBe(1);
    const third = visits(0, clinic.practitionerId, second, clinic.practitionerId);
    const more = { token: run.visits[0]?.token ?? "", visits: third, key: randomUUID() };
    expect(await outcome(takeFamily(work, more))).toBe("slot_taken");
  });

  test("on two different days is not a family", async () => {
    const { token } = await hold(at(8, "14:00"));
    expect(await outcome(take(token, visitsAt(at(8, "14:00"), at(10, "14:20"))))).toBe("not_offered");
  });

  test("that lost one of its times keeps the first hold and says what else there is", async () => {
    const { token } = await hold(at(8, "09:00"));
    await bookTime(world.work, bookInput(world.clinic, at(8, "09:20")));
    const error: unknown = await take(token, visitsAt(at(8, "09:00"), at(8, "09:20"))).catch(
      (reason: unknown) => reason,
    );
    const refusal = refusalOf(error);
    expect(refusal?.code).toBe("slot_taken");
    expect(refusal?.detail["kept"]).toBe(true);
    expect(startsOf(refusal?.detail["together"] as { start: Date }[])).toEqual([at(8, "08:40"), at(8, "09:00")]);
    expect(await stateOf(token)).toBe("held");
  });

  test("takes no time that is not offered, nor anybody who does not give the service", async () => {
    const { token } = await hold(at(8, "12:00"));
    expect(await outcome(take(token, visitsAt(at(8, "12:00"), at(8, "12:25"))))).toBe("slot_taken");
    expect(await outcome(take(token, visitsAt(at(8, "12:00"), at(8, "23:00"))))).toBe("slot_taken");
    const stranger = [{ start: at(8, "12:00"), practitionerId: newId() }, ...visitsAt(at(8, "12:20"))];
    expect(await outcome(take(token, stranger))).toBe("not_found");
    expect(await stateOf(token)).toBe("held");
  });
});

describe("booking a family", () => {
  test("books all at once: the first is who is told, the others are dependants of theirs", async () => {
    const { work, t, s, clinic } = world;
    const { token } = await hold(at(9, "09:00"));
    const { visits } = await take(token, visitsAt(at(9, "09:00"), at(9, "09:20"), at(9, "09:40")));
    const input = people(visits[0]?.token ?? "", "Nomsa Dube", "Sipho Dube", "Ayanda Dube");
    const { bookings } = await confirmFamily(work, input);
    expect(bookings.map(({ booking }) => [booking.patientName, booking.state])).toEqual([
      ["Nomsa Dube", "confirmed"],
      ["Sipho Dube", "confirmed"],
      ["Ayanda Dube", "confirmed"],
    ]);
    expect(bookings[0]?.booking.set?.others.map(({ name }) => name)).toEqual(["Sipho Dube", "Ayanda Dube"]);
    expect(await confirmFamily(work, input)).toEqual({
      bookings: bookings.map(({ token: same }) => expect.objectContaining({ token: same })),
    });
    const rows = await t.admin(
      `SELECT p.id, p.guardian_id AS guardian, p.email_sealed AS "emailSealed", p.phone_sealed AS "phoneSealed", k.version, k.wrapped,
         b.reason_sealed IS NOT NULL AS told
       FROM app.booking b JOIN app.patient p ON p.id = b.patient_id JOIN app.patient_key k ON k.id = p.id
       WHERE b.token_hash = ANY ($1) ORDER BY b.starts_at`,
      [visits.map((visit) => hashToken(visit.token))],
    );
    const key = await s.vault.clinicKey(clinic.clinicId);
    const contacts = rows.map((row) =>
      openPatient(key, {
        id: String(row["id"]),
        emailSealed: row["emailSealed"] as Buffer | null,
        phoneSealed: row["phoneSealed"] as Buffer | null,
        key: { version: Number(row["version"]), wrapped: row["wrapped"] as Buffer },
      }),
    );
    const none = { email: null, phone: null };
    expect(contacts).toEqual([{ email: "nomsa@people.example", phone: null }, none, none]);
    expect(rows.map(({ guardian, told }) => [guardian, told])).toEqual([
      [null, true],
      [rows[0]?.["id"], false],
      [rows[0]?.["id"], false],
    ]);
  });

  test("books nobody when one of the holds has run out, or when the people are not as many", async () => {
    const { work, t } = world;
    const { token } = await hold(at(10, "09:00"));
    const { visits } = await take(token, visitsAt(at(10, "09:00"), at(10, "09:20")));
    const first = visits[0]?.token ?? "";
    expect(await outcome(confirmFamily(work, people(first, "A", "B", "C")))).toBe("invalid");
    await t.admin("UPDATE app.booking SET hold_expires_at = now() - interval '1 s' WHERE token_hash = $1", [
      hashToken(visits[1]?.token ?? ""),
    ]);
    expect(await outcome(confirmFamily(work, people(first, "A", "B")))).toBe("hold_expired");
    expect(await t.admin("SELECT id FROM app.patient WHERE name IN ('A', 'B')")).toEqual([]);
  });

  test("goes by the set only: one of its holds is not booked by itself", async () => {
    const { token } = await hold(at(11, "09:00"));
    const { visits } = await take(token, visitsAt(at(11, "09:00"), at(11, "09:20")));
    const alone = { token: visits[0]?.token ?? "", name: "Nomsa", email: "nomsa@people.example", key: randomUUID() };
    expect(await outcome(confirmBooking(world.work, alone))).toBe("invalid");
    expect(await outcome(confirmFamily(world.work, people(alone.token, "Nomsa", "Sipho")))).toBe("ok");
  });

  test("is answered from its key even when the clinic takes no bookings any more", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const { token } = await holdTime(work, holdInput(clinic, at(3, "09:00")));
    const visits = [at(3, "09:00"), at(3, "09:20")].map((start) => ({ start, practitionerId: clinic.practitionerId }));
    const taking = { token, visits, key: randomUUID() };
    const taken = await takeFamily(work, taking);
    const input = people(taken.visits[0]?.token ?? "", "Nomsa", "Sipho");
    await confirmFamily(work, input);
    await world.t.admin("UPDATE platform.clinic SET status = 'suspended' WHERE id = $1", [clinic.clinicId]);
    expect(await takeFamily(work, taking)).toEqual(taken);
    expect(await outcome(confirmFamily(work, input))).toBe("ok");
    expect(await outcome(confirmFamily(work, { ...input, key: randomUUID() }))).toBe("not_bookable");
  });

  test("of a single hold is not a family, and another clinic knows nothing of one", async () => {
    const { token } = await hold(at(10, "12:00"));
    expect(await outcome(confirmFamily(world.work, people(token, "A", "B")))).toBe("not_found");
    const { visits } = await take(token, visitsAt(at(10, "12:00"), at(10, "12:20")));
    const other = guestOf(world.s, await makeClinic(world.t));
    expect(await outcome(confirmFamily(other, people(visits[0]?.token ?? "", "A", "B")))).toBe("not_found");
  });

  test("waits for the clinic's yes where the service needs it", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    await world.t.admin("UPDATE app.service SET needs_approval = true WHERE id = $1", [clinic.serviceId]);
    const { token } = await holdTime(work, holdInput(clinic, at(3, "09:00")));
    const visits = [at(3, "09:00"), at(3, "09:20")].map((start) => ({ start, practitionerId: clinic.practitionerId }));
    const taken = await takeFamily(work, { token, visits, key: randomUUID() });
    const { bookings } = await confirmFamily(work, people(taken.visits[0]?.token ?? "", "Nomsa", "Sipho"));
    expect(bookings.map(({ booking }) => booking.state)).toEqual(["requested", "requested"]);
  });
});

describe("a family in a race", () => {
  test("against single bookings of its times gets all of them or keeps its one", async () => {
    const { work, clinic, t } = world;
    for (let round = 0; round < 4; round++) {
      const day = 12 + round;
      const starts = [at(day, "09:00"), at(day, "09:20"), at(day, "09:40"), at(day, "10:00")];
      const { token } = await hold(starts[0] as Date);
      const [family, ...singles] = await Promise.all([
        outcome(take(token, visitsAt(...starts))),
        ...starts.slice(1).map((start) => outcome(bookTime(work, bookInput(clinic, start)))),
      ]);
      const won = singles.filter((end) => end === "ok").length;
      expect(family === "ok" ? won === 0 : won > 0, `${family} ${singles.join()}`).toBe(true);
      expect(await stateOf(token)).toBe(family === "ok" ? "expired" : "held");
    }
    expect(await doubles(t)).toBe(0);
  });

  test("of two into one run, one has it whole and the other keeps its own hold", async () => {
    for (let round = 0; round < 4; round++) {
      const day = 16 + round;
      const [one, two] = [await hold(at(day, "11:00")), await hold(at(day, "11:40"))];
      const ends = await Promise.all([
        outcome(take(one.token, visitsAt(at(day, "11:00"), at(day, "11:20")))),
        outcome(take(two.token, visitsAt(at(day, "11:20"), at(day, "11:40")))),
      ]);
      expect(ends.sort()).toEqual(["ok", "slot_taken"]);
      expect(new Set([await stateOf(one.token), await stateOf(two.token)])).toEqual(new Set(["expired", "held"]));
    }
    expect(await doubles(world.t)).toBe(0);
  });

  test("with other doctors' bookings never goes past what the service allows in a day", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t);
    const others = [await addDoctor(t, clinic, "Dr Two", 2), await addDoctor(t, clinic, "Dr Three", 3)];
    const work = guestOf(s, clinic);
    await t.admin("UPDATE app.service SET day_count = 4 WHERE id = $1", [clinic.serviceId]);
    for (const day of [3, 4, 5, 6]) {
      const { token } = await holdTime(work, holdInput(clinic, at(day, "09:00")));
      const visits = [at(day, "09:00"), at(day, "09:20")].map((start) => ({
        start,
        practitionerId: clinic.practitionerId,
      }));
      const ends = await Promise.all([
        outcome(takeFamily(work, { token, visits, key: randomUUID() })),
        ...others.flatMap((who) =>
          ["09:00", "09:20", "09:40"].map((time) => outcome(bookTime(work, bookInput(clinic, at(day, time), { who })))),
        ),
      ]);
      const [booked] = await t.admin(
        "SELECT count(*)::int AS n FROM app.booking WHERE clinic_id = $1 AND state IN ('held', 'confirmed') AND starts_at >= $2",
        [clinic.clinicId, at(day, "00:00").toISOString()],
      );
      expect(booked, ends.join()).toEqual({ n: 4 });
    }
  });

  test("with itself, pressed several times at the same moment, is held once and booked once", async () => {
    const { token } = await hold(at(20, "11:00"));
    const visits = visitsAt(at(20, "11:00"), at(20, "11:20"));
    const key = randomUUID();
    const [taken, ...same] = await Promise.all(Array.from({ length: 5 }, () => take(token, visits, key)));
    if (!taken) throw new Error("five presses");
    for (const answer of same) expect(answer).toEqual(taken);
    const input = people(taken.visits[0]?.token ?? "", "Press One", "Press Two");
    const ends = await Promise.all(Array.from({ length: 5 }, () => confirmFamily(world.work, input)));
    expect(new Set(ends.map(({ bookings }) => bookings.map((booking) => booking.token).join())).size).toBe(1);
    expect(await world.t.admin("SELECT count(*)::int AS n FROM app.patient WHERE name LIKE 'Press %'")).toEqual([
      { n: 2 },
    ]);
  });

  test("confirmed twice at the same moment under two keys is booked once", async () => {
    const { token } = await hold(at(20, "13:00"));
    const { visits } = await take(token, visitsAt(at(20, "13:00"), at(20, "13:20")));
    const first = visits[0]?.token ?? "";
    const ends = await Promise.all([
      outcome(confirmFamily(world.work, people(first, "Twin One", "Twin Two"))),
      outcome(confirmFamily(world.work, people(visits[1]?.token ?? "", "Twin One", "Twin Two"))),
    ]);
    expect(ends.filter((end) => end === "ok").length).toBe(1);
    expect(await world.t.admin("SELECT count(*)::int AS n FROM app.patient WHERE name LIKE 'Twin %'")).toEqual([
      { n: 2 },
    ]);
  });
});

describe("a family in a group session", () => {
  test("sits together: seats of one session, all or none", async () => {
    const { t } = world;
    const clinic = await makeClinic(t);
    const work = guestOf(world.s, clinic);
    await t.admin("UPDATE app.service SET seats = 5 WHERE id = $1", [clinic.serviceId]);
    const start = at(3, "09:00");
    const ends = await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const { token } = await holdTime(work, holdInput(clinic, start)).catch(() => ({ token: null }));
        if (token === null) return 0;
        const { together } = await proposeTimes(work, { token, people: 2 + (index % 2) }).catch(() => ({
          together: null,
        }));
        if (!together) return 0;
        const end = await outcome(takeFamily(work, { token, visits: together, key: randomUUID() }));
        return end === "ok" ? together.length : 0;
      }),
    );
    const sets = await t.admin(
      `SELECT count(*)::int AS n FROM app.booking WHERE clinic_id = $1 AND state = 'held' AND set_id IS NOT NULL GROUP BY set_id ORDER BY 1`,
      [clinic.clinicId],
    );
    expect(sets.map(({ n }) => Number(n)).toSorted(up)).toEqual(ends.filter((seated) => seated > 0).toSorted(up));
    const [session] = await t.admin(
      `SELECT taken, (SELECT count(*)::int FROM app.seat s WHERE s.session_id = g.id) AS seats
       FROM app.group_session g WHERE clinic_id = $1 AND taken > 0`,
      [clinic.clinicId],
    );
    expect(session?.["taken"]).toBe(session?.["seats"]);
    expect(Number(session?.["taken"])).toBeLessThanOrEqual(5);
    expect(await doubles(t)).toBe(0);
  });
});
