import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusalOf } from "../../trpc/error-map.ts";
import {
  addDoctor,
  at,
  type BookingWorld,
  bookingWorld,
  bookInput,
  doubles,
  outcome,
} from "../booking/testing/booking-world.ts";
import { crashingAtWrite } from "./testing/crashes.ts";
import { replayOffers } from "./testing/replay.ts";
import { dueJobs, type WaitlistWorld, waitlistWorld } from "./testing/waitlist-world.ts";

const zone = "Africa/Johannesburg";
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
const rows = (sql: string, ...values: unknown[]) => w.t.admin(sql, [w.clinic.clinicId, ...values]);
const count = async (sql: string) => Number((await rows(`SELECT count(*)::int AS n FROM ${sql}`))[0]?.["n"]);

/** What must hold at every instant, whoever ran what. */
async function expectSound() {
  expect(await doubles(w.t)).toBe(0);
  // a live offer has its hold, an accepted one its booking, and nobody else's ended offer holds anything
  expect(
    await rows(`SELECT o.state, b.state AS booking FROM app.waitlist_offer o
      JOIN app.booking b ON b.clinic_id = o.clinic_id AND b.id = o.booking_id
      WHERE o.clinic_id = $1 AND NOT CASE o.state WHEN 'live' THEN b.state = 'held' WHEN 'accepted' THEN b.state = 'confirmed'
        ELSE b.state IN ('expired', 'cancelled') END`),
  ).toEqual([]);
  expect(
    await count("app.waitlist_offer WHERE clinic_id = $1 AND state = 'live' GROUP BY gap_id HAVING count(*) > 1"),
  ).toBe(NaN);
}

/** The one job of an effect that is due. */
async function onlyJob(effect: string) {
  const [job, more] = (await dueJobs(w)).filter((one) => one.effect === effect);
  if (!job || more) throw new Error(`not one job ${effect}`);
  return job.run;
}

async function freed(time = "10:00", who = w.clinic.practitionerId) {
  const start = at(2, time);
  const { token } = await w.guest.public.booking.book(bookInput(w.clinic, start, { who }));
  await w.guest.patient.booking.cancel({ token, key: key() });
  return start;
}

describe("workers side by side", () => {
  test("make one offer of one freed time, however many run the same job", async () => {
    await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    await freed();
    const jobs = await dueJobs(w);
    expect(jobs.length).toBeGreaterThan(0);
    await Promise.all(Array.from({ length: 8 }, () => jobs.map((job) => job.run())).flat());
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    expect(await count("app.waitlist_gap WHERE clinic_id = $1")).toBe(1);
    await expectSound();
  });

  test("end an offer that ran out once, and make one of the next", async () => {
    for (const [index, name] of ["Thandi", "Sipho", "Lerato"].entries()) await w.join(name, { since: 9 - index });
    await freed();
    await w.work();
    await w.runOut();
    const jobs = await dueJobs(w);
    await Promise.all(Array.from({ length: 8 }, () => jobs.map((job) => job.run())).flat());
    expect(await w.log()).toEqual([
      ["Thandi", "expired"],
      ["Sipho", "live"],
    ]);
    await expectSound();
  });

  test.each([
    ["one person", []],
    ["one mailbox, whatever names it joined under,", ["Neo", "Ayanda"]],
  ])("never ask %s about two times at once", async (_whom, alike) => {
    const others = await Promise.all(
      ["Dr Naidoo", "Dr Khumalo", "Dr Botha"].map((name, index) => addDoctor(w.t, w.clinic, name, index + 1)),
    );
    await w.join("Thandi");
    for (const name of alike) await w.join(name, { email: w.mailbox("Thandi") });
    for (const who of [w.clinic.practitionerId, ...others]) await freed("10:00", who);
    const jobs = await dueJobs(w);
    await Promise.all([...jobs, ...jobs].map((job) => job.run()));
    expect((await w.log()).map(([, state]) => state)).toEqual(["live"]);
    expect(await count("app.waitlist_gap WHERE clinic_id = $1 AND state = 'open'")).toBe(4);
    await expectSound();
  });
});

describe("a worker that dies between any two writes", () => {
  test("has made the whole offer or none of it, and the next run makes the one", async () => {
    await w.join("Thandi");
    await freed();
    const run = await onlyJob("open_gap");
    let died = 0;
    while (await crashingAtWrite(w.t, died + 1, run)) {
      died += 1;
      expect(await w.log()).toEqual([]);
      expect(await count("app.waitlist_gap WHERE clinic_id = $1")).toBe(0);
      expect(await count("app.booking WHERE clinic_id = $1 AND state = 'held'")).toBe(0);
      expect(await count("app.inbox WHERE clinic_id = $1 AND effect = 'open_gap'")).toBe(0);
    }
    // mark, gap, booking, occupancy, offer, and their events and audit rows
    expect(died).toBeGreaterThan(6);
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    await run();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    await expectSound();
  });

  test("has passed an offer on or left it where it was", async () => {
    await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    const start = await freed();
    await w.work();
    await w.runOut({ holds: false });
    const run = await onlyJob("waitlist_turn");
    let died = 0;
    while (await crashingAtWrite(w.t, died + 1, run)) {
      died += 1;
      expect(await w.log()).toEqual([["Thandi", "live"]]);
      expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("slot_taken");
    }
    expect(died).toBeGreaterThan(6);
    expect(await w.log()).toEqual([
      ["Thandi", "expired"],
      ["Sipho", "live"],
    ]);
    await expectSound();
  });

  test("leaves an acceptance whole: booked, filled and answered, or still offered", async () => {
    const { token } = await w.join("Thandi");
    await freed();
    await w.work();
    const accept = { token, key: key() };
    let died = 0;
    while (await crashingAtWrite(w.t, died + 1, () => w.guest.patient.waitlist.accept(accept))) {
      died += 1;
      expect(await w.log()).toEqual([["Thandi", "live"]]);
    }
    expect(died).toBeGreaterThan(5);
    expect(await w.log()).toEqual([["Thandi", "accepted"]]);
    await expectSound();
  });
});

describe("an answer that meets the end of its offer", () => {
  test("is either had or passed on, never both", async () => {
    const ends = { ok: 0, hold_expired: 0 };
    // well before the end, after it, and around it, where whoever comes first decides
    for (const ms of [5_000, -10, 0, 5, 10, 20, 30, 40, 60, 80, 120, 200]) {
      w = await waitlistWorld(base);
      const thandi = await w.join("Thandi", { since: 9 });
      await w.join("Sipho", { since: 3 });
      const start = await freed();
      await w.work();
      await rows(
        `UPDATE app.waitlist_offer SET expires_at = clock_timestamp() + $2 * interval '1 ms' WHERE clinic_id = $1 AND state = 'live'`,
        ms,
      );
      await rows(
        "UPDATE app.event SET not_before = now() WHERE clinic_id = $1 AND type = 'waitlist.offer_due' AND not_before < now() + interval '20 min'",
      );
      const jobs = await dueJobs(w);
      const [accepted] = await Promise.all([
        outcome(w.guest.patient.waitlist.accept({ token: thandi.token, key: key() })),
        ...jobs.flatMap((job) => [job.run(), job.run()]),
      ]);
      ends[accepted === "ok" ? "ok" : "hold_expired"] += 1;
      expect(["ok", "hold_expired"]).toContain(accepted);
      const log = await w.log();
      if (accepted === "ok") expect(log).toEqual([["Thandi", "accepted"]]);
      else expect(log[0]).not.toEqual(["Thandi", "accepted"]);
      expect(await count("app.booking WHERE clinic_id = $1 AND state = 'confirmed'")).toBe(accepted === "ok" ? 1 : 0);
      expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("slot_taken");
      await expectSound();
    }
    expect(ends.ok).toBeGreaterThan(0);
    expect(ends.hold_expired).toBeGreaterThan(0);
  });

  test("by accepting and leaving at once ends in one of the two", async () => {
    for (let round = 0; round < 6; round++) {
      w = await waitlistWorld(base);
      const { token } = await w.join("Thandi");
      await freed();
      await w.work();
      const ends = await Promise.allSettled([
        w.guest.patient.waitlist.accept({ token, key: key() }),
        w.guest.patient.waitlist.withdraw({ token, key: key() }),
        w.guest.patient.waitlist.decline({ token, key: key() }),
      ]);
      for (const end of ends) if (end.status === "rejected") expect(refusalOf(end.reason)?.code).toBe("hold_expired");
      const [entry] = await rows("SELECT state FROM app.waitlist_entry WHERE clinic_id = $1");
      const [[, answer] = []] = await w.log();
      expect([entry?.["state"], answer]).toEqual(
        ends[0]?.status === "fulfilled" ? ["booked", "accepted"] : ["withdrawn", "declined"],
      );
      await w.work();
      await expectSound();
    }
  });
});

test("whoever leaves the list while they are being offered a time is not offered it, or passes it on", async () => {
  for (let round = 0; round < 8; round++) {
    w = await waitlistWorld(base);
    const thandi = await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    await freed();
    const jobs = await dueJobs(w);
    await Promise.all([
      w.guest.patient.waitlist.withdraw({ token: thandi.token, key: key() }),
      ...jobs.map((job) => job.run()),
    ]);
    await w.work();
    expect((await w.log()).at(-1)).toEqual(["Sipho", "live"]);
    await expectSound();
  }
});

test("the order of the offers replays from the log, whoever came, went and was asked elsewhere", async () => {
  const naidoo = await addDoctor(w.t, w.clinic, "Dr Naidoo", 1);
  const people = new Map<string, string>();
  const join = async (name: string, over: Parameters<WaitlistWorld["join"]>[1] = {}) =>
    people.set(name, (await w.join(name, over)).token);
  await join("Thandi", { since: 9 });
  await join("Sipho", { since: 3, urgency: 2 });
  await join("Lerato", { since: 20, phoneOnly: true });
  await join("Neo", { since: 5 });
  await join("Zola", { since: 4 });
  // Sipho is asked about Dr Naidoo's time first, so Dr Test's goes past him
  await freed("09:00", naidoo);
  await w.work();
  await freed("10:00");
  await w.work();
  await w.guest.patient.waitlist.withdraw({ token: people.get("Neo") ?? "", key: key() });
  await join("Ayanda", { urgency: 3 });
  for (let turn = 0; turn < 6; turn++) {
    await w.runOut();
    await w.work();
  }
  const gaps = await rows("SELECT id FROM app.waitlist_gap WHERE clinic_id = $1 ORDER BY created_at");
  const seen: string[][] = [];
  for (const gap of gaps) {
    const { asked, replayed } = await replayOffers(w.t, {
      clinicId: w.clinic.clinicId,
      gapId: String(gap["id"]),
      zone,
    });
    expect(replayed).toEqual(asked);
    seen.push(asked);
  }
  expect(seen[0]?.[0]).toBe("Sipho");
  expect(seen[1]?.[0]).toBe("Thandi");
  expect(seen.flat()).toContain("Ayanda");
  expect(seen.flat()).not.toContain("Neo");
  await expectSound();
});
