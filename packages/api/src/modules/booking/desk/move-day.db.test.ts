import { randomUUID } from "node:crypto";
import { makeClinic, type MadeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dayPlan, moveDay } from "./move-day.ts";
import { staffWeek } from "./staff-day.ts";
import {
  addDoctor,
  at,
  booked,
  type BookingWorld,
  bookingWorld,
  dayAt,
  doubles,
  guestOf,
  outcome,
} from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const clinicWork = (clinic: MadeClinic) => ({
  ...guestOf(world.s, clinic),
  actor: clinic.ownerAccountId,
  role: "owner",
});

describe("a day that cannot take place", () => {
  test("is planned: a colleague at the same time where one is free, else the nearest, and no time twice", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    const colleague = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    const first = await booked(world.t, work, clinic, at(3, "09:00"), { who: clinic.practitionerId });
    const second = await booked(world.t, work, clinic, at(3, "09:20"), { who: clinic.practitionerId });
    await booked(world.t, work, clinic, at(3, "09:20"), { who: colleague });
    const plan = await dayPlan(work, { practitionerId: clinic.practitionerId, date: dayAt(3) });
    expect(plan.map(({ booking, to }) => [booking.id, to])).toEqual([
      [first.id, { start: at(3, "09:00"), practitionerId: colleague }],
      [second.id, { start: at(3, "09:40"), practitionerId: colleague }],
    ]);
  });

  test("takes a group session along as a whole, to the colleague who is free", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    await world.t.admin("UPDATE app.service SET seats = 3 WHERE clinic_id = $1", [clinic.clinicId]);
    const colleague = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    for (let seat = 1; seat <= 2; seat++) await booked(world.t, work, clinic, at(3, "09:00"));
    const day = { practitionerId: clinic.practitionerId, date: dayAt(3) };
    const plan = await dayPlan(work, day);
    const to = { start: at(3, "09:00"), practitionerId: colleague };
    expect(plan.map((one) => one.to)).toEqual([to, to]);
    const moves = plan.map(({ booking }) => ({ ...to, bookingId: booking.id, sequence: booking.sequence }));
    const answer = await moveDay(work, { ...day, moves, key: randomUUID() });
    expect(answer.lost).toEqual([]);
    expect(answer.moved.map(({ seat }) => seat)).toEqual([
      { no: 1, of: 3 },
      { no: 2, of: 3 },
    ]);
    expect(await dayPlan(work, day)).toEqual([]);
    const sessions = await world.t.admin(
      `SELECT g.practitioner_id = $2 AS colleague, g.taken, o.state FROM app.group_session g
       JOIN app.occupancy o ON o.session_id = g.id WHERE g.clinic_id = $1 ORDER BY g.taken`,
      [clinic.clinicId, colleague],
    );
    expect(sessions).toEqual([
      { colleague: false, taken: 0, state: "released" },
      { colleague: true, taken: 2, state: "booked" },
    ]);
  });

  test("is moved visit by visit; one that is too late stays and hears what is free; twice is once", async () => {
    const clinic = await makeClinic(world.t);
    const work = clinicWork(clinic);
    const colleague = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    const visits = [
      await booked(world.t, work, clinic, at(3, "09:00")),
      await booked(world.t, work, clinic, at(3, "09:20")),
    ];
    const date = dayAt(3);
    // somebody takes what was proposed for the second
    await booked(world.t, work, clinic, at(3, "12:00"), { who: colleague });
    const moves = [
      { bookingId: visits[0]?.id ?? "", start: at(3, "11:00"), practitionerId: colleague, sequence: 0 },
      { bookingId: visits[1]?.id ?? "", start: at(3, "12:00"), practitionerId: colleague, sequence: 0 },
    ];
    const input = { practitionerId: clinic.practitionerId, date, moves, key: randomUUID() };
    const answer = await moveDay(work, input);
    expect(answer.moved).toMatchObject([{ id: visits[0]?.id, practitionerId: colleague, sequence: 1 }]);
    expect(answer.moved[0]?.movedFrom).toEqual(at(3, "09:00"));
    expect(answer.lost).toMatchObject([{ bookingId: visits[1]?.id, why: "slot_taken" }]);
    expect(answer.lost[0]?.alternatives).toHaveLength(3);
    expect(await moveDay(work, input)).toEqual(answer);
    expect(await outcome(moveDay(work, { ...input, moves: moves.slice(1) }))).toBe("key_reused");
    const week = await staffWeek(work, { practitionerId: colleague, from: date });
    expect(week.map((booking) => booking.start)).toEqual([at(3, "11:00"), at(3, "12:00")]);
    expect(await doubles(world.t)).toBe(0);
  });
});
