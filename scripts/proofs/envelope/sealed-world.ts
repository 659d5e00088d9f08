import { randomUUID } from "node:crypto";
import { closeServices, type Services } from "@pulsecal/api";
import { clinicHost, testCaller, testServices } from "@pulsecal/api/testing";
import { type MadeClinic, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import type { WrappedClinicKey, WrappedPatientKey } from "@pulsecal/vault";

/** A sealed value as stored, with the place it stands at and the keys of its row. */
export type Cell = {
  clinic: WrappedClinicKey;
  patient: WrappedPatientKey;
  place: { table: string; column: string; rowId: string };
  blob: Uint8Array;
};

/** Clinics that patients booked at through the procedures, telling things with a word in them that nothing else has. */
export type SealedWorld = {
  t: TestDatabase;
  s: Services;
  clinics: MadeClinic[];
  /** what was told, in the clear */
  told: string[];
  close(): Promise<void>;
};

const clinicCount = 4;
const patientsEach = 8;
const slotMs = 20 * 60_000;

export async function makeSealedWorld(): Promise<SealedWorld> {
  const t = await testDatabase();
  const s = testServices(t);
  const clinics: MadeClinic[] = [];
  const told: string[] = [];
  for (let number = 0; number < clinicCount; number += 1) {
    const clinic = await makeClinic(t);
    clinics.push(clinic);
    for (let patient = 0; patient < patientsEach; patient += 1) told.push(...(await bookOne(s, clinic, patient)));
  }
  return { t, s, clinics, told, close: () => closeServices(s).then(() => t.close()) };
}

/** Books in one step or over a hold, cancels every other time, and returns what was told. */
async function bookOne(s: Services, clinic: MadeClinic, number: number): Promise<string[]> {
  const word = `canary${randomUUID().slice(0, 8)}`;
  const phone = `+2782${String(Math.trunc(Math.random() * 1e7)).padStart(7, "0")}`;
  const words = { email: `${word}@people.example`, phone, reason: `${word} has a cough` };
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug) });
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const start = new Date(Date.parse(`${day}T09:00:00+02:00`) + number * slotMs);
  const wish = { serviceId: clinic.serviceId, who: clinic.practitionerId, start, key: randomUUID() };
  const guest = { name: `Patient ${number}`, ...words };
  const token = number % 3 === 0 ? await overHold() : (await call.public.booking.book({ ...wish, ...guest })).token;
  if (number % 2 === 1) return Object.values(words);
  const why = `${word} is well again`;
  await call.patient.booking.cancel({ token, reason: why, key: randomUUID() });
  return [...Object.values(words), why];

  async function overHold(): Promise<string> {
    const hold = await call.public.booking.hold(wish);
    await call.public.booking.confirm({ token: hold.token, key: randomUUID(), ...guest });
    return hold.token;
  }
}

/** Every sealed value of the database with its keys, past row security. A destroyed key comes as no bytes. */
export async function readCells(t: TestDatabase): Promise<Cell[]> {
  const rows = await t.admin(
    `SELECT c.clinic_id AS clinic, c.version AS "clinicVersion", c.kek_id AS kek, c.wrapped AS "clinicKey",
       k.id AS patient, k.version AS "patientVersion", coalesce(k.wrapped, ''::bytea) AS "patientKey", v.*
     FROM app.patient_key k JOIN app.clinic_key c USING (clinic_id)
     JOIN app.patient p ON p.clinic_id = k.clinic_id AND p.id = k.id
     JOIN app.booking b ON b.clinic_id = p.clinic_id AND b.patient_id = p.id
     CROSS JOIN LATERAL (VALUES ('patient', 'email_sealed', p.id, p.email_sealed), ('patient', 'phone_sealed', p.id, p.phone_sealed),
       ('booking', 'reason_sealed', b.id, b.reason_sealed), ('booking', 'cancel_reason_sealed', b.id, b.cancel_reason_sealed))
       AS v ("table", "column", "rowId", blob)
     WHERE v.blob IS NOT NULL ORDER BY c.clinic_id, k.id, v."column"`,
  );
  return rows.map((row) => ({
    clinic: {
      clinicId: String(row["clinic"]),
      version: Number(row["clinicVersion"]),
      kekId: String(row["kek"]),
      wrapped: row["clinicKey"] as Buffer,
    },
    patient: {
      clinicId: String(row["clinic"]),
      patientId: String(row["patient"]),
      version: Number(row["patientVersion"]),
      wrapped: row["patientKey"] as Buffer,
    },
    place: { table: String(row["table"]), column: String(row["column"]), rowId: String(row["rowId"]) },
    blob: row["blob"] as Buffer,
  }));
}
