import { randomUUID } from "node:crypto";
import type { Database } from "@pulsecal/db";
import { makeBooking, makeClinic } from "@pulsecal/db/testing";
import { blindIndex, type ClinicKey, SealBroken } from "@pulsecal/vault";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookTime } from "../booking/take/book-time.ts";
import { cancelBooking } from "../booking/change/cancel-booking.ts";
import { confirmBooking } from "../booking/take/confirm-booking.ts";
import { holdTime } from "../booking/take/hold-time.ts";
import {
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  guestOf,
  holdInput,
  outcome,
} from "../booking/testing/booking-world.ts";
import { testServices } from "../../testing/test-services.ts";
import { openBookingText, openPatient, patientKeyOf } from "./sealed-patient.ts";
import { shredPatient } from "./shred-patient.ts";

const told = { email: "canary.zanele@people.example", phone: "+27821239876", reason: "canary cough" };
const contact = { email: told.email, phone: told.phone };

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

/** A booking's row with its patient's, as stored. */
async function rows(bookingRef: { name: string }) {
  const [row] = await world.t.admin(
    `SELECT p.id, p.clinic_id AS clinic, p.email_sealed AS "emailSealed", p.phone_sealed AS "phoneSealed", p.phone_index AS "phoneIndex",
       k.version, k.wrapped, b.id AS booking, b.reason_sealed AS reason, b.cancel_reason_sealed AS "cancelReason"
     FROM app.patient p JOIN app.booking b ON b.patient_id = p.id LEFT JOIN app.patient_key k ON k.id = p.id WHERE p.name = $1`,
    [bookingRef.name],
  );
  const patient = {
    id: String(row?.["id"]),
    emailSealed: row?.["emailSealed"] as Buffer | null,
    phoneSealed: row?.["phoneSealed"] as Buffer | null,
    key:
      row?.["version"] === null
        ? null
        : { version: Number(row?.["version"]), wrapped: row?.["wrapped"] as Buffer | null },
  };
  return {
    patient,
    bookingId: String(row?.["booking"]),
    phoneIndex: row?.["phoneIndex"] as Buffer | null,
    reason: row?.["reason"] as Buffer,
    cancelReason: row?.["cancelReason"] as Buffer,
  };
}

function textOf(clinic: ClinicKey, row: Awaited<ReturnType<typeof rows>>, column: "reason" | "cancelReason"): string {
  const key = row.patient.key && patientKeyOf(clinic, row.patient.id, row.patient.key);
  if (!key) throw new Error("no key");
  return openBookingText(
    key,
    row.bookingId,
    column === "reason" ? "reason_sealed" : "cancel_reason_sealed",
    row[column],
  );
}

describe("what a patient tells", () => {
  test("opens again after a booking, under the clinic's key only, and is found by its exact value", async () => {
    const { work, clinic } = world;
    const name = randomUUID();
    await bookTime(work, { ...bookInput(clinic, at(3, "09:00"), { name }), ...told });
    const row = await rows({ name });
    const key = await world.s.vault.clinicKey(clinic.clinicId);
    expect(openPatient(key, row.patient)).toEqual(contact);
    expect(textOf(key, row, "reason")).toBe(told.reason);
    expect(row.phoneIndex?.equals(blindIndex(key, "phone", told.phone))).toBe(true);

    const other = await makeClinic(world.t);
    const foreign = await world.s.vault.clinicKey(other.clinicId);
    expect(() => openPatient(foreign, row.patient)).toThrow(SealBroken);
  });

  test("opens again after a hold was confirmed, and so does why it was cancelled", async () => {
    const { work, clinic } = world;
    const name = randomUUID();
    const { token } = await holdTime(work, holdInput(clinic, at(3, "10:00")));
    await confirmBooking(work, { token, key: randomUUID(), name, ...told });
    await cancelBooking(work, "patient", { token, reason: "canary: well again", key: randomUUID() });
    const row = await rows({ name });
    const key = await world.s.vault.clinicKey(clinic.clinicId);
    expect(openPatient(key, row.patient)).toEqual(contact);
    expect([textOf(key, row, "reason"), textOf(key, row, "cancelReason")]).toEqual([told.reason, "canary: well again"]);
  });

  test("is sealed for a patient who had no key, with one made on the way", async () => {
    const name = randomUUID();
    const { bookingId } = await makeBooking(world.t, world.clinic, { patientName: name });
    expect((await rows({ name })).patient.key).toBeNull();
    await cancelBooking(world.work, "staff", { bookingId, reason: "doctor is ill", key: randomUUID() });
    expect(textOf(await world.s.vault.clinicKey(world.clinic.clinicId), await rows({ name }), "cancelReason")).toBe(
      "doctor is ill",
    );
  });
});

test("sealing costs a booking no round trip once the clinic's key is open", async () => {
  const { t, clinic } = world;
  const used: string[] = [];
  const db = new Proxy(t.db, {
    get(target, door: keyof Database) {
      if (door !== "close") used.push(door);
      return target[door];
    },
  });
  const s = testServices(t, {}, { db });
  const work = guestOf(s, clinic);
  try {
    await bookTime(work, { ...bookInput(clinic, at(5, "09:00")), ...told });
    expect(used).toContain("withTenant");
    used.length = 0;
    await bookTime(work, { ...bookInput(clinic, at(5, "09:20")), ...told });
    expect(used).toEqual(["writeOnce"]);
  } finally {
    await s.bus.close();
    s.redis.disconnect();
  }
});

describe("a shredded patient", () => {
  test("answers erased, is found by no index, and stays so; a copy of the rows opens no more than they do", async () => {
    const { work, clinic, t } = world;
    const name = randomUUID();
    const { token } = await bookTime(work, { ...bookInput(clinic, at(4, "09:00"), { name }), ...told });
    const before = await rows({ name });
    await shredPatient(work, before.patient.id);
    await shredPatient(work, before.patient.id);

    const after = await rows({ name });
    const key = await world.s.vault.clinicKey(clinic.clinicId);
    expect(openPatient(key, after.patient)).toBe("erased");
    expect(after.patient.key).toEqual({ version: 1, wrapped: null });
    expect(after.phoneIndex).toBeNull();
    expect(openPatient(key, { ...before.patient, key: after.patient.key })).toBe("erased");
    expect(await t.admin("SELECT action FROM app.audit_log WHERE entity_id = $1", [before.patient.id])).toEqual([
      { action: "patient.shredded" },
    ]);

    await cancelBooking(work, "patient", { token, reason: "not kept", key: randomUUID() });
    expect((await rows({ name })).cancelReason).toBeNull();
  });

  test("of another clinic is not found, and keeps their key", async () => {
    const other = await makeClinic(world.t);
    const name = randomUUID();
    await bookTime(guestOf(world.s, other), { ...bookInput(other, at(4, "10:00"), { name }), ...told });
    const { patient } = await rows({ name });
    expect(await outcome(shredPatient(world.work, patient.id))).toBe("not_found");
    expect(openPatient(await world.s.vault.clinicKey(other.clinicId), (await rows({ name })).patient)).toEqual(contact);
  });
});
