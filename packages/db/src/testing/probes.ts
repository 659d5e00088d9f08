import { Prisma } from "../../generated/client/client.ts";
import type { Database } from "../database.ts";
import { sqlStateOf } from "../errors.ts";
import { newId } from "../ids.ts";
import { sql } from "../sql.ts";
import type { Model } from "./data-model.ts";
import { freshId, type ProbeClinic, sampleRow } from "./probe-samples.ts";

/** Whose row a probe names. `own` is the positive twin: the same call that must work. */
type IdKind = "own" | "foreign" | "mixed" | "bare" | "random";

/** What came of a probe: the rows it reached, or the refusal. */
export type Outcome = { reached: number; refused: string | null; text: string };

export type Probe = {
  name: string;
  model: string;
  operation: string;
  kind: IdKind;
  run(): Promise<Outcome>;
};

type Delegate = Record<string, (args: object) => Promise<unknown>>;
type Doors = Record<string, Delegate>;
type Work = (members: Doors) => Promise<unknown>;

class Undo extends Error {}

export type ProbeWorld = { db: Database; own: ProbeClinic; other: ProbeClinic };

/** Every read and write of one model for every kind of id. */
export function probesOf(world: ProbeWorld, model: Model, models: Map<string, Model>): Probe[] {
  return [
    ...readProbes(world, model),
    ...writeProbes(world, model),
    ...onceProbes(world, model),
    ...relationProbes(world, model, models),
  ];
}

/** The key a kind of id names: `whole` as a unique key, `where` as filters. */
function keyOf(
  { own, other }: ProbeWorld,
  model: Model,
  kind: IdKind,
): { whole: object; where: Record<string, string> } {
  const ids: Record<IdKind, [string, string]> = {
    own: [own.clinicId, own.ids[model.name] ?? ""],
    foreign: [other.clinicId, other.ids[model.name] ?? ""],
    mixed: [own.clinicId, other.ids[model.name] ?? ""],
    bare: [other.clinicId, other.ids[model.name] ?? ""],
    random: [own.clinicId, newId()],
  };
  const [clinicId, id] = ids[kind];
  if (model.name === "Clinic") return { whole: { id }, where: { id } };
  if (kind === "bare") return { whole: { clinicId_id: { clinicId, id } }, where: { id } };
  return { whole: { clinicId_id: { clinicId, id } }, where: { clinicId, id } };
}

const kinds: IdKind[] = ["own", "foreign", "mixed", "bare", "random"];

function readProbes(world: ProbeWorld, model: Model): Probe[] {
  const operations: Record<string, (d: Delegate, key: ReturnType<typeof keyOf>, all: Doors) => Promise<unknown>> = {
    findUnique: (d, { whole }) => d["findUnique"]?.({ where: whole }) ?? never(),
    findUniqueOrThrow: (d, { whole }) => d["findUniqueOrThrow"]?.({ where: whole }) ?? never(),
    findFirst: (d, { where }) => d["findFirst"]?.({ where }) ?? never(),
    findFirstOrThrow: (d, { where }) => d["findFirstOrThrow"]?.({ where }) ?? never(),
    findMany: (d, { where }) => d["findMany"]?.({ where }) ?? never(),
    findManyOr: (d, { where }) => d["findMany"]?.({ where: { OR: [where, where] } }) ?? never(),
    count: (d, { where }) => d["count"]?.({ where }) ?? never(),
    aggregate: (d, { where }) => d["aggregate"]?.({ where, _count: true }) ?? never(),
    groupBy: (d, { where }) => d["groupBy"]?.({ by: ["id"], where, _count: true }) ?? never(),
    raw: (_, { where }, all) => rawSelect(all, model, where),
    rawCount: (_, { where }, all) => rawSelect(all, model, where, sql`count(*)::int AS n`),
  };
  const keyed = Object.entries(operations).flatMap(([operation, call]) =>
    kinds.map((kind) =>
      probe(world, { model, operation, kind, write: false }, (all) =>
        call(delegateOf(all, model), keyOf(world, model, kind), all),
      ),
    ),
  );
  return [...keyed, ...wholeTableProbes(world, model)];
}

/** A forgotten filter shows the clinic its own rows; asking for everybody else's shows nothing. */
function wholeTableProbes(world: ProbeWorld, model: Model): Probe[] {
  const clinic = model.name === "Clinic" ? "id" : "clinicId";
  const filters: [IdKind, object][] = [
    ["own", {}],
    ["foreign", { NOT: { [clinic]: world.own.clinicId } }],
  ];
  return filters.flatMap(([kind, where]) =>
    ["findMany", "count"].map((read) =>
      probe(
        world,
        { model, operation: `${read} of all`, kind, write: false },
        (all) => delegateOf(all, model)[read]?.({ where }) ?? never(),
      ),
    ),
  );
}

function writeProbes(world: ProbeWorld, model: Model): Probe[] {
  const made = (kind: IdKind) => newRow(world, model, kind);
  const same = (kind: IdKind) => ({ ...keyOf(world, model, kind).where });
  const operations: Record<string, (d: Delegate, kind: IdKind, all: Doors) => Promise<unknown>> = {
    create: (d, kind) => d["create"]?.({ data: made(kind) }) ?? never(),
    createMany: (d, kind) => d["createMany"]?.({ data: [made(kind)] }) ?? never(),
    createManyAndReturn: (d, kind) => d["createManyAndReturn"]?.({ data: [made(kind)] }) ?? never(),
    update: (d, kind) => d["update"]?.({ where: keyOf(world, model, kind).whole, data: change(model) }) ?? never(),
    updateMany: (d, kind) => d["updateMany"]?.({ where: same(kind), data: change(model) }) ?? never(),
    updateManyAndReturn: (d, kind) => d["updateManyAndReturn"]?.({ where: same(kind), data: change(model) }) ?? never(),
    upsert: (d, kind) =>
      d["upsert"]?.({ where: keyOf(world, model, kind).whole, create: made(kind), update: change(model) }) ?? never(),
    delete: (d, kind) => d["delete"]?.({ where: keyOf(world, model, kind).whole }) ?? never(),
    deleteMany: (d, kind) => d["deleteMany"]?.({ where: same(kind) }) ?? never(),
    rawUpdate: (_, kind, all) => rawChange(all, model, "UPDATE", same(kind)),
    rawDelete: (_, kind, all) => rawChange(all, model, "DELETE", same(kind)),
    moveToClinic: (d, kind) =>
      d["updateMany"]?.({ where: keyOf(world, model, "own").where, data: movedTo(world, model, kind) }) ?? never(),
  };
  return Object.entries(operations).flatMap(([operation, call]) =>
    kindsFor(operation).map((kind) =>
      probe(world, { model, operation, kind, write: true }, (all) => call(delegateOf(all, model), kind, all)),
    ),
  );
}

/** The door of one statement keeps what it writes, so the own row is only changed to what it is. */
function onceProbes(world: ProbeWorld, model: Model): Probe[] {
  return (["UPDATE", "DELETE"] as const).flatMap((verb) =>
    kinds
      .filter((kind) => verb === "UPDATE" || kind !== "own")
      .map((kind) => {
        const operation = `${verb.toLowerCase()} once`;
        const { where } = keyOf(world, model, kind);
        return {
          name: `${model.name} ${operation} ${kind}`,
          model: model.name,
          operation,
          kind,
          run: () =>
            settle(() =>
              world.db.writeOnce(
                contextOf(world.own),
                (once) => once.$queryRaw<unknown[]>`${changeSql(model, verb, where)} RETURNING *`,
              ),
            ),
        };
      }),
  );
}

/** A new row is in one clinic or the other, so `bare` would repeat `foreign`; a row moves to the other clinic only. */
function kindsFor(operation: string): IdKind[] {
  if (operation === "moveToClinic") return ["own", "foreign"];
  return operation.startsWith("create") ? kinds.filter((kind) => kind !== "bare") : kinds;
}

function relationProbes(world: ProbeWorld, model: Model, models: Map<string, Model>): Probe[] {
  return model.relations.flatMap(({ field, target, list }) => {
    const other = models.get(target);
    if (!other || !isClinicModel(other)) return [];
    const nested = (data: object) => (all: Doors) =>
      delegateOf(all, model)["update"]?.({ where: keyOf(world, model, "own").whole, data: { [field]: data } }) ??
      never();
    const through = (what: string, kind: IdKind, data: object) =>
      probe(world, { model, operation: `${what} ${field}`, kind, write: true }, nested(data));
    return kinds.flatMap((kind) => {
      const to = keyOf(world, other, kind);
      const include = probe(world, { model, operation: `include ${field}`, kind, write: false }, (all) => {
        const where = keyOf(world, model, kind).where;
        return delegateOf(all, model)["findMany"]?.({ where, include: { [field]: true } }) ?? never();
      });
      const one = [include, through("connect", kind, { connect: to.whole })];
      return list ? [...one, through("nested delete", kind, { delete: to.whole })] : one;
    });
  });
}

type What = { model: Model; operation: string; kind: IdKind; write: boolean };

function probe(world: ProbeWorld, what: What, work: Work): Probe {
  const { model, operation, kind } = what;
  return {
    name: `${model.name} ${operation} ${kind}`,
    model: model.name,
    operation,
    kind,
    run: () => (what.write ? runWrite(world, kind, work) : runRead(world, work)),
  };
}

function runRead(world: ProbeWorld, work: Work): Promise<Outcome> {
  return settle(() => world.db.withTenant(contextOf(world.own), (db) => work(db as unknown as Doors)));
}

async function settle(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return reached(await work());
  } catch (error) {
    return refused(error);
  }
}

/** A foreign write that passes is kept, so that the checksum sees it; all others are undone. */
async function runWrite(world: ProbeWorld, kind: IdKind, work: Work): Promise<Outcome> {
  let outcome: Outcome = { reached: 0, refused: null, text: "" };
  try {
    await world.db.withTx(contextOf(world.own), async (tx) => {
      outcome = reached(await work(tx as unknown as Doors));
      if (kind !== "foreign" && kind !== "bare") throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) return refused(error);
  }
  return outcome;
}

function contextOf(clinic: ProbeClinic) {
  return { clinicId: clinic.clinicId, actor: "system:probe" };
}

/** How many rows an answer stands for, whatever the operation's shape. */
function reached(answer: unknown): Outcome {
  return { reached: rowsIn(answer), refused: null, text: textOf(answer) };
}

function rowsIn(answer: unknown): number {
  if (answer === null || answer === undefined) return 0;
  if (typeof answer === "number") return answer;
  if (Array.isArray(answer)) {
    const [first] = answer as { n?: number }[];
    return typeof first?.n === "number" ? first.n : answer.length;
  }
  const { count, _count } = answer as { count?: number; _count?: number };
  return count ?? _count ?? 1;
}

function refused(error: unknown): Outcome {
  const code = (error as { code?: string }).code;
  return { reached: 0, refused: sqlStateOf(error) ?? code ?? (error as Error).name, text: (error as Error).message };
}

/** An answer as text in which any name would be found, in sealed columns too. */
function textOf(value: unknown): string {
  const readable = function (this: Record<string, unknown>, name: string, inner: unknown): unknown {
    const stored = this[name]; // a Buffer has already become something else in `inner`
    if (stored instanceof Uint8Array) return Buffer.from(stored).toString();
    return typeof inner === "bigint" ? String(inner) : inner;
  };
  return JSON.stringify(value, readable) ?? "";
}

/** Counts the new rows of this process: rows of one number would share a time or another unique value. */
let rowsMade = 0;

/** A row to create: in this clinic, in the other, or in this one over the other's (or nobody's) parents. */
function newRow({ own, other }: ProbeWorld, model: Model, kind: IdKind): object {
  const n = 1 + (rowsMade++ % 20_000);
  if (kind === "foreign" || kind === "bare") return sampleRow(model.name, other, freshId(model.name, other), n);
  const parents: Record<string, Partial<ProbeClinic>> = {
    own: {},
    mixed: { ids: other.ids, spare: { ...other.spare, accountId: own.spare.accountId } },
    random: {
      ids: Object.fromEntries(Object.keys(own.ids).map((name) => [name, newId()])),
      spare: { ...own.spare, patientId: newId() },
    },
  };
  return sampleRow(model.name, { ...own, ...parents[kind] }, freshId(model.name, own), n);
}

function tenantOf(model: Model, clinic: ProbeClinic): object {
  return model.name === "Clinic" ? { id: clinic.clinicId } : { clinicId: clinic.clinicId };
}

function movedTo({ own, other }: ProbeWorld, model: Model, kind: IdKind): object {
  return kind === "own" ? change(model) : tenantOf(model, kind === "foreign" ? other : own);
}

/** A change that means nothing but writes a column app_rt may write, where there is one. */
function change(model: Model): object {
  const columns: Record<string, object> = {
    ClinicProfile: { cancelUntilMinutes: 121 },
    Leave: { endsAt: new Date("2032-01-01T00:00:00Z") },
    OpeningHours: { weekday: 2 },
    HoursOverride: { windows: [{ from: 1, to: 2 }] },
    ServicePractitioner: { id: newId() },
    PatientKey: { destroyedAt: null },
    ClinicKey: { kekId: "changed" },
    Booking: { sequence: 7 },
    Occupancy: { bufferAfter: 5 },
    Timetable: { weekly: [] },
    Closure: { label: "changed" },
    ServiceNeed: { count: 2 },
    ServiceNeedResource: { id: newId() },
    LeaveKept: { id: newId() },
    GroupSession: { capacity: 99 },
    Seat: { seatNo: 99 },
    IntakeQuestion: { label: "changed" },
    IntakeAnswer: { answerSealed: Buffer.alloc(40) },
    CalendarFeed: { revokedAt: new Date("2032-01-01T00:00:00Z") },
    WaitlistEntry: { urgency: 2 },
    WaitlistGap: { state: "over" },
    WaitlistOffer: { rank: {} },
    Idempotency: { inputHash: "changed" },
    Event: { type: "probe.changed" },
    Inbox: { effect: "changed" },
    Delivery: { state: "sent" },
    AuditLog: { action: "changed" },
    Member: { role: "reception" },
  };
  return columns[model.name] ?? { name: "changed" };
}

function rawSelect(all: Doors, model: Model, where: Record<string, string>, what = sql`*`): Promise<unknown> {
  const raw = all as unknown as { $queryRaw(query: unknown): Promise<unknown> };
  return raw.$queryRaw(sql`SELECT ${what} FROM ${table(model)} WHERE ${whereSql(where)}`);
}

function rawChange(
  all: Doors,
  model: Model,
  verb: "UPDATE" | "DELETE",
  where: Record<string, string>,
): Promise<unknown> {
  const raw = all as unknown as { $executeRaw(query: unknown): Promise<unknown> };
  return raw.$executeRaw(changeSql(model, verb, where));
}

/** Deletes a row, or writes one of its columns with what it has. */
function changeSql(model: Model, verb: "UPDATE" | "DELETE", where: Record<string, string>) {
  if (verb === "DELETE") return sql`DELETE FROM ${table(model)} WHERE ${whereSql(where)}`;
  const name = Object.keys(change(model))[0] ?? "id";
  const column = trusted(model.fields.find((field) => field.name === name)?.column ?? "id");
  return sql`UPDATE ${table(model)} SET ${column} = ${column} WHERE ${whereSql(where)}`;
}

const table = (model: Model) => trusted(model.sqlName);

/** SQL text made of the data model's own names. */
const trusted = (text: string) => Prisma.raw(text);

function whereSql(where: Record<string, string>) {
  const { clinicId, id } = where;
  return clinicId === undefined ? sql`id = ${id}::uuid` : sql`clinic_id = ${clinicId}::uuid AND id = ${id}::uuid`;
}

function delegateOf(all: Doors, model: Model): Delegate {
  return all[model.delegate] ?? {};
}

/** Models a clinic's doors show. */
export function isClinicModel(model: Model): boolean {
  return model.schema === "app" || model.name === "Member" || model.name === "Clinic";
}

function never(): Promise<never> {
  return Promise.reject(new Error("the door has no such operation"));
}
