import { randomUUID } from "node:crypto";
import { makeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookTime } from "../take/book-time.ts";
import { cancelBooking } from "./cancel-booking.ts";
import { moveByPatient } from "./move-booking.ts";
import {
  addDoctor,
  addNeed,
  addRoom,
  at,
  booked,
  bookInput,
  type BookingWorld,
  bookingWorld,
  doubles,
  guestOf,
  outcome,
} from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const toTime = (token: string, start: Date, who = "any") => ({ token, start, who, key: randomUUID() });

function occupied(bookingId: string) {
  return world.t.admin(
    "SELECT resource_id, starts_at, state FROM app.occupancy WHERE booking_id = $1 ORDER BY resource_id",
    [bookingId],
  );
}

describe("races with a move in them", () => {
  test("two who move into one time: one has it, the other keeps the old one", async () => {
    for (let round = 0; round < 4; round++) {
      const clinic = await makeClinic(world.t);
      const work = guestOf(world.s, clinic);
      const people = [];
      for (const time of ["08:00", "08:20", "08:40", "09:00"])
        people.push(await booked(world.t, work, clinic, at(3, time)));
      const ends = await Promise.all(
        people.map(({ token }) => outcome(moveByPatient(work, toTime(token, at(3, "12:00"))))),
      );
      expect(ends.toSorted()).toEqual(["ok", "slot_taken", "slot_taken", "slot_taken"]);
      const [row] = await world.t.admin(
        "SELECT count(*)::int AS n FROM app.occupancy WHERE clinic_id = $1 AND state = 'booked'",
        [clinic.clinicId],
      );
      expect(row).toEqual({ n: 4 });
    }
    expect(await doubles(world.t)).toBe(0);
  });

  test("two who change places cannot: each is in the other's way, and both keep what they have", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const [a, b] = [
      await booked(world.t, work, clinic, at(3, "08:00")),
      await booked(world.t, work, clinic, at(3, "09:00")),
    ];
    const ends = await Promise.all([
      outcome(moveByPatient(work, toTime(a.token, at(3, "09:00")))),
      outcome(moveByPatient(work, toTime(b.token, at(3, "08:00")))),
    ]);
    expect(ends).toEqual(["slot_taken", "slot_taken"]);
    expect(await doubles(world.t)).toBe(0);
  });

  test("moving and booking into one time, and booking the time that is left", async () => {
    for (let round = 0; round < 4; round++) {
      const clinic = await makeClinic(world.t);
      const work = guestOf(world.s, clinic);
      const { token, id } = await booked(world.t, work, clinic, at(3, "08:00"));
      const [move, ...books] = await Promise.all([
        outcome(moveByPatient(work, toTime(token, at(3, "09:00")))),
        outcome(bookTime(work, bookInput(clinic, at(3, "09:00")))),
        outcome(bookTime(work, bookInput(clinic, at(3, "08:00")))),
      ]);
      const [row] = await world.t.admin("SELECT starts_at FROM app.booking WHERE id = $1", [id]);
      expect(row?.["starts_at"]).toEqual(move === "ok" ? at(3, "09:00") : at(3, "08:00"));
      expect(books[0]).toBe(move === "ok" ? "slot_taken" : "ok");
      if (move !== "ok") expect(books[1]).toBe("slot_taken");
    }
    expect(await doubles(world.t)).toBe(0);
  });

  test("moving and cancelling: whoever is second is told, and nothing is left occupied by a cancelled one", async () => {
    for (let round = 0; round < 4; round++) {
      const clinic = await makeClinic(world.t);
      const work = guestOf(world.s, clinic);
      const { token, id } = await booked(world.t, work, clinic, at(3, "08:00"));
      const ends = await Promise.all([
        outcome(moveByPatient(work, toTime(token, at(3, "09:00")))),
        outcome(cancelBooking(work, "patient", { token, key: randomUUID() })),
      ]);
      expect(ends[1]).toBe("ok");
      expect(["ok", "not_movable"]).toContain(ends[0]);
      expect(await occupied(id)).toMatchObject([{ state: "released" }]);
    }
  });

  test("a doctor and a room apart: moves that share only a room leave no room doubled", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const other = await addDoctor(world.t, clinic, "Dr Naidoo", 1);
    await addNeed(world.t, clinic, [await addRoom(world.t, clinic, "Room 1")]);
    const a = await booked(world.t, work, clinic, at(3, "08:00"));
    const { token } = await bookTime(work, bookInput(clinic, at(3, "09:00"), { who: other }));
    const ends = await Promise.all([
      outcome(moveByPatient(work, toTime(a.token, at(3, "12:00"), clinic.practitionerId))),
      outcome(moveByPatient(work, toTime(token, at(3, "12:00"), other))),
    ]);
    expect(ends.toSorted()).toEqual(["ok", "slot_taken"]);
    expect(await doubles(world.t)).toBe(0);
  });
});
