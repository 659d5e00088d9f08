import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clinicHost, staffCookie } from "../../testing/people.ts";
import { testCaller } from "../../testing/test-caller.ts";
import { at, type BookingWorld, bookingWorld, dayAt } from "../booking/testing/booking-world.ts";
import { type WaitlistWorld, waitlistWorld } from "./testing/waitlist-world.ts";

let base: BookingWorld;
let w: WaitlistWorld;
let owner: Awaited<ReturnType<typeof ownerOf>>;

beforeAll(async () => {
  base = await bookingWorld();
});
afterAll(() => base.close());
beforeEach(async () => {
  w = await waitlistWorld(base);
  owner = await ownerOf(w);
});

const key = () => randomUUID();

/** The clinic's owner, who may change leave, hours and closures. */
async function ownerOf({ s, t, clinic }: WaitlistWorld) {
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  return (await testCaller(s, { host: clinicHost(s, clinic.slug), cookies: cookie })).staff;
}

/** The starts of the open gaps, and those of the live offers by name. */
async function gaps() {
  const { gaps: open } = await w.staff.staff.waitlist.list();
  return open.map(({ start, offer }) => [start, offer?.name ?? null]);
}

/** What the change caused, then the three minutes in which the desk may take it back. */
async function later() {
  await w.work();
  expect(await w.log()).toEqual([]);
  await w.runOut();
  await w.work();
}

const leave = (from: Date, to: Date) => ({
  practitionerId: w.clinic.practitionerId,
  startsAt: from,
  endsAt: to,
  kind: "leave" as const,
});

describe("rules that make room", () => {
  test("leave that is taken away is offered to those whom its times suit, each a time of their own", async () => {
    const { leave: saved } = await owner.leave.save({ ...leave(at(2, "08:00"), at(2, "17:00")), key: key() });
    const day = dayAt(2);
    await w.join("Thandi", { since: 9, notBefore: day, notAfter: day });
    await w.join("Sipho", { since: 3, notBefore: day, notAfter: day });
    await w.join("Other", { since: 30, notBefore: dayAt(5) });
    await w.work();
    await owner.leave.remove({ id: saved.id, key: key() });
    await later();
    expect(await gaps()).toEqual([
      [at(2, "08:00"), "Thandi"],
      [at(2, "08:20"), "Sipho"],
    ]);
    expect(await w.standing(at(2, "08:00"))).toEqual(["held"]);
  });

  test("leave that is shortened frees only its end", async () => {
    const { leave: saved } = await owner.leave.save({ ...leave(at(2, "08:00"), at(2, "17:00")), key: key() });
    await w.join("Thandi", { notBefore: dayAt(2), notAfter: dayAt(2) });
    await w.work();
    const shorter = leave(at(2, "08:00"), at(2, "15:00"));
    await owner.leave.save({ id: saved.id, ...shorter, key: key() });
    await later();
    expect(await gaps()).toEqual([[at(2, "15:00"), "Thandi"]]);
  });

  test("a closure that is taken away frees the times of everybody; free times elsewhere are no news", async () => {
    const span = { startsAt: at(3, "00:00"), endsAt: at(4, "00:00") };
    const closure = await owner.closures.save({ ...span, label: "Painters", key: key() });
    await w.join("Thandi");
    await w.work();
    await owner.closures.remove({ id: closure.id, key: key() });
    await later();
    expect(await gaps()).toEqual([[at(3, "08:00"), "Thandi"]]);
  });

  test("longer hours are offered where they are longer", async () => {
    const { practitionerId } = w.clinic;
    await w.join("Thandi");
    await w.work();
    const { weekly, overrides, version } = await owner.hours.get({ practitionerId });
    const longer = [...overrides, { date: dayAt(2), windows: [{ from: 8 * 60, to: 20 * 60 }] }];
    await owner.hours.save({ practitionerId, weekly, overrides: longer, version, key: key() });
    await later();
    expect(await gaps()).toEqual([[at(2, "17:00"), "Thandi"]]);
  });

  test("leave that comes back within three minutes has told nobody, and its gaps are gone", async () => {
    const there = leave(at(2, "08:00"), at(2, "17:00"));
    const { leave: saved } = await owner.leave.save({ ...there, key: key() });
    await w.join("Thandi", { notBefore: dayAt(2), notAfter: dayAt(2) });
    await w.work();
    await owner.leave.remove({ id: saved.id, key: key() });
    await w.work();
    expect(await gaps()).toEqual([[at(2, "08:00"), null]]);
    await owner.leave.save({ ...there, key: key() });
    await w.work();
    expect(await gaps()).toEqual([]);
    await w.runOut();
    await w.work();
    expect(await w.log()).toEqual([]);
  });

  test("nobody waits, nothing happens", async () => {
    const { leave: saved } = await owner.leave.save({ ...leave(at(2, "08:00"), at(2, "17:00")), key: key() });
    await owner.leave.remove({ id: saved.id, key: key() });
    expect(await w.work()).toEqual(["open_span: gaps: 0", "open_span: gaps: 0"]);
  });
});
