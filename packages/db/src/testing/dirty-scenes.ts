import type { TenantTx } from "../door-types.ts";
import { newId } from "../ids.ts";
import type { PoolDoors } from "./pool-doors.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import type { TestDatabase } from "./test-database.ts";

/** Where a scene plays: a pool of one connection behind a proxy, a clinic, and the name of the patient it writes. */
export type Stage = { t: TestDatabase; doors: PoolDoors; proxy: TcpProxy; clinicId: string; name: string };

/** What came of the patient as the writer knows it; `unknown` when the answer to COMMIT was lost. */
type Told = "written" | "not written" | "unknown";

/** One way to give a connection a past. */
export type Scene = {
  name: string;
  /** the server never said that the connection is idle again: it must not be used once more */
  destroyed: boolean;
  /** the process behind the connection, and what the writer was told */
  play(stage: Stage): Promise<{ pid: number; told: Told }>;
};

/** Names of patients whose commit takes a while. */
export const slowName = "slow";
export const commitMs = 200;

export const scenes: Scene[] = [
  {
    name: "a commit that outlasts the client's limit",
    destroyed: false,
    play: (stage) => transaction(stage, async () => undefined, { limits: { timeoutMs: commitMs / 2 }, slow: true }),
  },
  {
    name: "a commit cancelled by the server",
    destroyed: false,
    play: (stage) => duringCommit(stage, (pid) => stage.t.admin("SELECT pg_cancel_backend($1)", [pid]), "not written"),
  },
  {
    name: "a session ended by the server during COMMIT",
    destroyed: true,
    play: (stage) => duringCommit(stage, (pid) => stage.t.admin("SELECT pg_terminate_backend($1)", [pid]), "unknown"),
  },
  {
    name: "a socket cut during COMMIT",
    destroyed: true,
    play: (stage) => duringCommit(stage, async () => stage.proxy.cut(), "unknown"),
  },
  {
    name: "a COMMIT given up by the driver before its answer",
    destroyed: true,
    play: (stage) =>
      byHand(stage, `${slowName} ${stage.name}`, async (query) => {
        await query("COMMIT", commitMs / 4).catch(() => undefined);
        return "unknown";
      }),
  },
  {
    name: "handed back while COMMIT is under way",
    destroyed: true,
    play: (stage) =>
      byHand(stage, `${slowName} ${stage.name}`, async (query) => {
        query("COMMIT").catch(() => undefined);
        return "unknown";
      }),
  },
  {
    name: "handed back inside a transaction",
    destroyed: true,
    play: (stage) => byHand(stage, stage.name, async () => "not written"),
  },
  {
    name: "handed back inside a failed transaction",
    destroyed: true,
    play: (stage) =>
      byHand(stage, stage.name, async (query) => {
        await query("SELECT 1 / 0").catch(() => undefined);
        return "not written";
      }),
  },
  {
    name: "a statement that ran into the server's limit",
    destroyed: false,
    play: (stage) =>
      transaction(stage, (tx) => tx.$queryRaw`SELECT pg_sleep(5)::text`, { limits: { serverTimeoutMs: 50 } }),
  },
  { name: "waiting longer than maxWait for a connection", destroyed: false, play: waitTooLong },
  {
    name: "a backend killed inside a transaction",
    destroyed: true,
    play: (stage) => transaction(stage, (tx, pid) => killed(stage, pid).then(() => tx.patient.count())),
  },
  {
    name: "a backend killed during a statement",
    destroyed: true,
    play: (stage) => duringStatement(stage, (pid) => killed(stage, pid)),
  },
  {
    name: "a socket cut inside a transaction",
    destroyed: true,
    play: (stage) =>
      transaction(stage, (tx) => {
        stage.proxy.cut();
        return tx.patient.count();
      }),
  },
  {
    name: "a socket cut during a statement",
    destroyed: true,
    play: (stage) =>
      duringStatement(stage, async (pid) => {
        stage.proxy.cut();
        await stage.t.admin("SELECT pg_cancel_backend($1)", [pid]); // the server would sleep on without its client
      }),
  },
];

type Work = (tx: TenantTx, pid: number) => Promise<unknown>;
type How = { limits?: Parameters<PoolDoors["withTx"]>[2]; slow?: boolean; ifRefused?: Told };

/** Writes the patient, does `work`, commits; the writer believes the outcome it gets. */
async function transaction({ doors, clinicId, name }: Stage, work: Work, how: How = {}) {
  let pid = 0;
  const written = doors.withTx(
    clinicId,
    async (tx) => {
      const patient = { clinicId, id: newId(), name: how.slow ? `${slowName} ${name}` : name };
      await tx.patient.createMany({ data: patient });
      pid = await pidOf(tx);
      await work(tx, pid);
    },
    how.limits,
  );
  const told = await written.then(
    () => "written" as const,
    () => how.ifRefused ?? ("not written" as const),
  );
  return { pid, told };
}

/** A transaction whose COMMIT is met by `blow` while it runs. */
async function duringCommit(stage: Stage, blow: (pid: number) => Promise<unknown>, ifRefused: Told) {
  let blown: Promise<unknown> = Promise.resolve();
  const work: Work = async (_, pid) => {
    blown = runs(stage.t, pid, "COMMIT").then(() => blow(pid));
  };
  const outcome = await transaction(stage, work, { slow: true, ifRefused });
  await blown;
  return outcome;
}

/** A transaction whose second statement is met by `blow` while it runs. */
function duringStatement(stage: Stage, blow: (pid: number) => Promise<unknown>) {
  return transaction(stage, async (tx, pid) => {
    const blown = runs(stage.t, pid, "%pg_sleep(7)%").then(() => blow(pid));
    await Promise.all([tx.$queryRaw`SELECT pg_sleep(7)::text`, blown]);
  });
}

type Query = (text: string, timeoutMs?: number) => Promise<unknown>;

/** Takes the connection as the adapter does, writes, and hands it back in whatever state `work` left it. */
async function byHand({ doors, clinicId }: Stage, name: string, work: (query: Query) => Promise<Told>) {
  const client = await doors.take(clinicId);
  const query: Query = (text, timeoutMs) => client.query({ text, query_timeout: timeoutMs });
  await query("BEGIN");
  const values = [clinicId, newId(), name];
  const { rows } = await client.query({
    text: "INSERT INTO app.patient (clinic_id, id, name) VALUES ($1, $2, $3) RETURNING pg_backend_pid() AS pid",
    values,
  });
  const told = await work(query);
  client.release();
  return { pid: Number(rows[0].pid), told };
}

/** Another clinic gives up waiting while this one holds the only connection; the connection is then offered to nobody. */
async function waitTooLong(stage: Stage) {
  const { doors } = stage;
  let gaveUp = false;
  const outcome = await transaction(stage, async () => {
    const waiting = doors.withTx(newId(), (tx) => tx.patient.count(), { maxWaitMs: 30 });
    await waiting.catch(() => {
      gaveUp = true;
    });
  });
  if (!gaveUp) throw new Error("the connection was not waited for");
  return outcome;
}

function killed({ t }: Stage, pid: number): Promise<unknown> {
  return t.admin("SELECT pg_terminate_backend($1, 2000)", [pid]);
}

async function pidOf(tx: TenantTx): Promise<number> {
  const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  return row?.pid ?? 0;
}

/** Waits until the process runs a statement like that. */
async function runs(t: TestDatabase, pid: number, statement: string): Promise<void> {
  const giveUp = Date.now() + 10_000;
  const active = "SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND query LIKE $2";
  while ((await t.admin(active, [pid, statement])).length === 0) {
    if (Date.now() > giveUp) throw new Error(`${statement} did not come`);
  }
}
