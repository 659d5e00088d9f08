import { newId } from "../ids.ts";
import { type Model, readDataModel } from "./data-model.ts";
import { makeAccount } from "./factories.ts";
import { freshId, type ProbeClinic, sampledModels, sampleRow } from "./probe-samples.ts";
import type { ProbeWorld } from "./probes.ts";
import { isClinicModel } from "./probes.ts";
import type { TestDatabase } from "./test-database.ts";

type Creator = Record<string, { createMany(args: object): Promise<unknown> }>;

/** Two clinics, each with a row of every model and text that no other row has. */
export async function makeProbeWorld(t: TestDatabase): Promise<ProbeWorld> {
  const models = new Map(
    readDataModel()
      .filter(isClinicModel)
      .map((model) => [model.name, model]),
  );
  const unsampled = [...models.keys()].filter((name) => !sampledModels.includes(name));
  if (unsampled.length > 0) throw new Error(`Add sample rows for ${unsampled.join(", ")} to probe-samples.ts.`);
  return { db: t.db, own: await makeProbeClinic(t, models), other: await makeProbeClinic(t, models) };
}

async function makeProbeClinic(t: TestDatabase, models: Map<string, Model>): Promise<ProbeClinic> {
  const clinicId = newId();
  const ids = Object.fromEntries(sampledModels.map((name) => [name, newId()]));
  Object.assign(ids, {
    Clinic: clinicId,
    ClinicProfile: clinicId,
    ClinicKey: clinicId,
    Practitioner: ids["Resource"],
    PatientKey: ids["Patient"],
  });
  const clinic: ProbeClinic = {
    clinicId,
    canary: `canary-${newId()}`,
    ids,
    spare: {
      resourceId: newId(),
      serviceId: newId(),
      accountId: await makeAccount(t),
      patientId: newId(),
      bookingId: newId(),
      entryId: newId(),
      gapId: newId(),
    },
  };
  await t.db.withTx({ clinicId, actor: "system:probe" }, async (tx) => {
    const doors = tx as unknown as Creator;
    for (const name of sampledModels) {
      const delegate = doors[models.get(name)?.delegate ?? ""];
      if (!delegate) throw new Error(`The sample ${name} has no model.`);
      const row = sampleRow(name, clinic, ids[name] ?? freshId(name, clinic), 0);
      await delegate.createMany({ data: [row] });
    }
    await tx.resource.createMany({
      data: { clinicId, id: clinic.spare.resourceId, kind: "room", name: clinic.canary },
    });
    await tx.patient.createMany({ data: { clinicId, id: clinic.spare.patientId, name: clinic.canary } });
    for (const [name, id] of spareRows(clinic)) {
      const delegate = doors[models.get(name)?.delegate ?? ""];
      await delegate?.createMany({ data: [sampleRow(name, clinic, id, SPARE)] });
    }
    await tx.service.createMany({ data: { clinicId, id: clinic.spare.serviceId, name: clinic.canary, minutes: 10 } });
  });
  clinic.spare.accountId = await makeAccount(t);
  return clinic;
}

/** Far from the numbers the probes count up, so that unique values do not meet. */
const SPARE = 9_000;

/** Further rows that new ones of the probes may point to, where the clinic's first one is taken already. */
const spareRows = ({ spare }: ProbeClinic): [string, string][] => [
  ["Booking", spare.bookingId],
  ["WaitlistEntry", spare.entryId],
  ["WaitlistGap", spare.gapId],
];

/**
 * A checksum of every row of every table, past row security. The clinic's own rules version is left out: its own writes
 * may raise it, and only its own.
 */
export async function checksums(t: TestDatabase, own: ProbeClinic): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const { name, sqlName } of readDataModel()) {
    const text =
      name === "Clinic"
        ? `CASE WHEN id = '${own.clinicId}' THEN (to_jsonb(t) - 'rules_version')::text ELSE t::text END`
        : "t::text";
    const [row] = await t.admin(
      `SELECT coalesce(md5(string_agg(${text}, '|' ORDER BY ${text})), '') AS sum FROM ${sqlName} t`,
    );
    sums[sqlName] = String(row?.["sum"]);
  }
  return sums;
}

/** A checksum of what one clinic has in each table, past row security. */
export async function clinicChecksums(t: TestDatabase, clinicId: string): Promise<Record<string, string>> {
  const sums = readDataModel()
    .filter(isClinicModel)
    .map(({ name, sqlName }) => {
      const column = name === "Clinic" ? "id" : "clinic_id";
      return `SELECT '${sqlName}' AS name, coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS sum
        FROM ${sqlName} t WHERE ${column} = $1`;
    });
  const rows = await t.admin(sums.join(" UNION ALL "), [clinicId]);
  return Object.fromEntries(rows.map((row) => [String(row["name"]), String(row["sum"])]));
}
