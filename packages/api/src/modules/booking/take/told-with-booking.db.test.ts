import { randomUUID } from "node:crypto";
import { newId } from "@pulsecal/db";
import { makeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookTime } from "./book-time.ts";
import { confirmBooking } from "./confirm-booking.ts";
import { holdTime } from "./hold-time.ts";
import {
  addDoctor,
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  guestOf,
  holdInput,
  outcome,
} from "../testing/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

describe("what is told with a booking", () => {
  test("a patient's own double booking is warned of, not refused", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const who = await addDoctor(world.t, clinic, "Dr Two", 1);
    expect((await bookTime(work, bookInput(clinic, at(3, "09:00")))).warnings).toEqual([]);
    const input = bookInput(clinic, at(3, "09:00"), { who });
    expect((await bookTime(work, input)).warnings).toEqual(["own_clash"]);
    expect((await bookTime(work, input)).warnings).toEqual(["own_clash"]);
    // back to back is no clash, and neither is somebody else's
    expect((await bookTime(work, bookInput(clinic, at(3, "09:20")))).warnings).toEqual([]);
    const { token } = await holdTime(work, holdInput(clinic, at(3, "09:20"), { who }));
    const told = { token, key: randomUUID(), name: "Lerato", email: "lerato@people.example" };
    expect((await confirmBooking(work, told)).warnings).toEqual(["own_clash"]);
  });

  test("a guardian books for a dependant: both have a record, the guardian is reached", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const child = { dependant: { name: "Naledi Dube" }, reason: "A cough" };
    const booked = await bookTime(work, { ...bookInput(clinic, at(3, "09:00")), ...child });
    const { token } = await holdTime(work, holdInput(clinic, at(3, "10:00")));
    const told = { token, key: randomUUID(), name: "Lerato Dube", email: "lerato@people.example", ...child };
    const confirmed = await confirmBooking(work, told);
    expect([booked.booking.patientName, confirmed.patientName]).toEqual(["Naledi Dube", "Naledi Dube"]);
    const rows = await world.t.admin(
      `SELECT p.name, g.name AS guardian, p.email_sealed IS NULL AS unreachable, g.email_sealed IS NOT NULL AS reached,
        b.reason_sealed IS NOT NULL AS told, k.wrapped IS NOT NULL AS keyed
      FROM app.booking b JOIN app.patient p ON p.id = b.patient_id JOIN app.patient g ON g.id = p.guardian_id
      JOIN app.patient_key k ON k.id = p.id WHERE b.clinic_id = $1`,
      [clinic.clinicId],
    );
    const row = {
      name: "Naledi Dube",
      guardian: "Lerato Dube",
      unreachable: true,
      reached: true,
      told: true,
      keyed: true,
    };
    expect(rows).toEqual([row, row]);
  });

  test("answers are kept with the booking, and one that is required is asked for", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const questionId = newId();
    await world.t.admin(
      `INSERT INTO app.intake_question (clinic_id, id, service_id, kind, label, required) VALUES ($1, $2, $3, 'text', 'Any allergies?', true)`,
      [clinic.clinicId, questionId, clinic.serviceId],
    );
    const answers = [{ questionId, answer: "Penicillin" }];
    expect(await outcome(bookTime(work, bookInput(clinic, at(3, "09:00"))))).toBe("invalid");
    await bookTime(work, { ...bookInput(clinic, at(3, "09:00")), answers });
    const { token } = await holdTime(work, holdInput(clinic, at(3, "10:00")));
    const told = { token, key: randomUUID(), name: "Lerato Dube", email: "lerato@people.example" };
    expect(await outcome(confirmBooking(work, told))).toBe("invalid");
    await confirmBooking(work, { ...told, key: randomUUID(), answers });
    const rows = await world.t.admin(
      "SELECT answer_sealed::text AS sealed FROM app.intake_answer WHERE clinic_id = $1",
      [clinic.clinicId],
    );
    expect(rows).toHaveLength(2);
    expect(rows.every((row) => !String(row["sealed"]).includes("Penicillin"))).toBe(true);
  });
});
