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
    const mine = "my".repeat(11);
    const book = async (start: Date, over: { who?: string; holder?: string; key?: string } = {}) => {
      const { holder = mine, key = randomUUID(), ...rest } = over;
      const { token } = await holdTime(work, { ...holdInput(clinic, start, rest), holder });
      const told = { token, key, name: "Lerato", email: "lerato@people.example" };
      return { warnings: (await confirmBooking(work, told)).warnings, again: () => confirmBooking(work, told) };
    };
    expect((await book(at(3, "09:00"))).warnings).toEqual([]);
    const second = await book(at(3, "09:00"), { who });
    expect(second.warnings).toEqual(["own_clash"]);
    expect((await second.again()).warnings).toEqual(["own_clash"]);
    // back to back is no clash
    expect((await book(at(3, "09:20"))).warnings).toEqual([]);
    // who types somebody's address into another browser does not learn that they are a patient here
    const third = await addDoctor(world.t, clinic, "Dr Three", 2);
    expect((await book(at(3, "09:00"), { who: third, holder: "ur".repeat(11) })).warnings).toEqual([]);
    const unmarked = bookInput(clinic, at(3, "09:20"), { who: third });
    expect((await bookTime(work, unmarked)).warnings).toEqual([]);
  });

  test("who also answers questions is warned of their own double booking all the same", async () => {
    const clinic = await makeClinic(world.t);
    const work = guestOf(world.s, clinic);
    const who = await addDoctor(world.t, clinic, "Dr Two", 1);
    await world.t.admin(
      `INSERT INTO app.intake_question (clinic_id, id, service_id, kind, label)
       VALUES ($1, gen_random_uuid(), $2, 'text', 'Any allergies?')`,
      [clinic.clinicId, clinic.serviceId],
    );
    const warnings = [];
    for (const doctor of [clinic.practitionerId, who]) {
      const wish = { ...holdInput(clinic, at(3, "09:00"), { who: doctor }), holder: "my".repeat(11) };
      const { token } = await holdTime(work, wish);
      const told = { token, key: randomUUID(), name: "Lerato", email: "lerato@people.example" };
      warnings.push((await confirmBooking(work, told)).warnings);
    }
    expect(warnings).toEqual([[], ["own_clash"]]);
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
