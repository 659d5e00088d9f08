import { setImmediate } from "node:timers/promises";
import type { Database } from "../database.ts";
import { newId } from "../ids.ts";
import type { TestDatabase } from "./test-database.ts";

const rowsEach = 3;

/** How operations are spread over clinics: a step that shares no factor with their number visits all of them. */
const step = 7919;

/** Clinics with three patients each, named after their clinic; returns the ids. */
export async function makeManyClinics(t: TestDatabase, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await t.admin(
    `INSERT INTO platform.clinic (id, slug, name)
     SELECT id, 'c-' || place, id::text FROM unnest($1::uuid[]) WITH ORDINALITY AS made (id, place)`,
    [ids],
  );
  await t.admin(
    `INSERT INTO app.patient (clinic_id, id, name)
     SELECT id, gen_random_uuid(), id::text FROM unnest($1::uuid[]) AS id, generate_series(1, $2)`,
    [ids, rowsEach],
  );
  return ids;
}

export type Interleaving = {
  operations: number;
  /** operations under way at any moment; more than the pool has connections */
  atOnce?: number;
  /** no operation starts after it */
  deadline?: number;
  /** what the operation takes for its clinic when it runs; a control puts a mistake here */
  clinicOf?: (clinicId: string) => () => string;
};

/** Runs operations, each for its own clinic, many at once on the pool; counts those that saw anything else. */
export async function interleave(
  db: Database,
  ids: string[],
  { operations, atOnce = 100, deadline = Number.POSITIVE_INFINITY, clinicOf = (id) => () => id }: Interleaving,
): Promise<{ done: number; wrong: number }> {
  let [started, done, wrong] = [0, 0, 0];
  const work = async () => {
    while (started < operations && Date.now() < deadline) {
      const n = started;
      started += 1;
      const clinicId = ids[(n * step) % ids.length] ?? "";
      const chosen = clinicOf(clinicId);
      await setImmediate(); // a request does something else before it reads
      const seen = await operate(db, chosen(), n);
      if (seen.length === 0 || seen.some((id) => id !== clinicId)) wrong += 1;
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, operations) }, work));
  return { done, wrong };
}

/** A mistake on purpose: the clinic in one variable of the process, as a singleton or a careless cache would have it. */
export function processGlobalClinic(): (clinicId: string) => () => string {
  let current = "";
  return (clinicId) => {
    current = clinicId;
    return () => current;
  };
}

type Context = { clinicId: string; actor: string };
type Shape = (db: Database, context: Context) => Promise<string[]>;

/** Each answers with the ids of the clinics whose rows it saw. */
const shapes: Shape[] = [
  (db, context) => db.withTenant(context, async (tx) => (await tx.patient.findMany()).map((row) => row.clinicId)),
  (db, context) => db.withTenant(context, async (tx) => [(await tx.patient.findFirst())?.clinicId ?? ""]),
  // Prisma gathers findUnique calls of one tick: the shape most likely to be answered in another's context.
  (db, context) =>
    db.withTenant(context, async (tx) => [(await tx.clinic.findUnique({ where: { id: context.clinicId } }))?.id ?? ""]),
  countOwnAndStrangers,
  (db, context) =>
    db.withTenant(context, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`SELECT clinic_id::text AS id FROM app.patient`;
      return rows.map(({ id }) => id);
    }),
  (db, context) =>
    db.withTenant(context, async (tx) => {
      const groups = await tx.patient.groupBy({ by: ["clinicId"], _count: true });
      return groups.map((group) => group.clinicId);
    }),
  (db, context) =>
    db.withTenant(context, async (tx) => {
      const clinics = await tx.patient.findMany({ include: { bookings: true } });
      return clinics.map((row) => row.clinicId);
    }),
  failThenRead,
  (db, context) =>
    db.writeOnce(context, async (once) => {
      const rows = await once.$queryRaw<{ id: string }[]>`
        UPDATE app.patient SET account_id = NULL WHERE name <> 'written' RETURNING clinic_id::text AS id`;
      return rows.map(({ id }) => id);
    }),
  writeAndRead,
  (db, context) =>
    db.withTx(context, async (tx) => {
      const clinic = await tx.clinic.findUnique({ where: { id: context.clinicId } });
      const patients = await tx.patient.findMany();
      return [clinic?.id ?? "", ...patients.map((row) => row.clinicId)];
    }),
];

async function operate(db: Database, clinicId: string, n: number): Promise<string[]> {
  const shape = shapes[n % shapes.length];
  return shape ? shape(db, { clinicId, actor: "system:test" }) : [];
}

function countOwnAndStrangers(db: Database, context: Context): Promise<string[]> {
  const { clinicId } = context;
  return db.withTenant(context, async (tx) => {
    const own = await tx.patient.count({ where: { name: clinicId } });
    const strangers = await tx.patient.count({ where: { name: { notIn: [clinicId, "written"] } } });
    return own === rowsEach && strangers === 0 ? [clinicId] : ["miscounted"];
  });
}

/** A refused query goes back to the pool first, so that whoever comes next gets a connection with a past. */
async function failThenRead(db: Database, context: Context): Promise<string[]> {
  await db
    .withTenant(context, (tx) => tx.$queryRaw`SELECT 1 / (SELECT count(*) - count(*) FROM app.patient)`)
    .catch(() => undefined);
  return db.withTenant(context, async (tx) => (await tx.patient.findMany()).map((row) => row.clinicId));
}

/** Takes back what it wrote, so that a million of these leave the tables as large as they were. */
function writeAndRead(db: Database, context: Context): Promise<string[]> {
  const { clinicId } = context;
  const id = newId();
  return db.withTx(context, async (tx) => {
    await tx.patient.createMany({ data: { clinicId, id, name: "written" } });
    const seen = (await tx.patient.findMany()).map((row) => row.clinicId);
    await tx.patient.deleteMany({ where: { clinicId, id } });
    return seen.length === rowsEach + 1 ? seen : ["miscounted"];
  });
}
