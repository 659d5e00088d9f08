import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { closeServices, type Services } from "@pulsecal/api";
import { sessionCookieOf, testServices } from "@pulsecal/api/testing";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import pg from "pg";
import { seeded } from "../harness.ts";
import type { Answered, Asking, Door, Reply } from "./door.ts";
import { groundOf, type Place, type Shape, type Spot } from "./place.ts";

/** What all answers of an arena were like. */
export type Tally = {
  asked: number;
  /** answers of 500 and above, with what was asked */
  faults: string[];
  slowestMs: number;
};

/** What the transaction does that everybody has to wait for. */
export type Gun = { sql: string; params: unknown[] };

/** A database, the nodes on it, and the pools of a third process, which is us. */
export type Arena = {
  t: TestDatabase;
  door: Door;
  /** our own services: sessions, and what the worker does */
  s: Services;
  tally: Tally;
  random: ReturnType<typeof seeded>;
  /** a day nobody has touched, at a clinic of that shape */
  spot(shape: Shape): Promise<Spot>;
  /** the Cookie header of the clinic's owner */
  ownerOf(place: Place): Promise<string>;
  /**
   * Sends everything at once, to one node after the other. Where there is a `gun`, somebody else's transaction keeps
   * everybody's writes waiting until as many as fit are on their way, and is undone then: what happens next happens in
   * one instant. `gun` false sends and leaves the rest to chance.
   */
  race(askings: readonly Asking[], gun?: Gun | false): Promise<Reply[]>;
  /** false: races without a word about it are left to chance */
  armed: boolean;
  /** One call, which has to be answered well. */
  must(asking: Asking): Promise<Answered>;
  /** Ends all nodes and waits until the server has heard of it; its counters are whole then. */
  quiet(): Promise<void>;
  close(): Promise<void>;
};

export const nodes = 2;
/** of each node's pool */
const connections = 10;
/** The gun waits for those who are late while others still come, and never as long as a lock may be waited for. */
const gunMs = { still: 300, most: 1_500 };
/** A node that does not go would keep us here for ever. */
const goneMs = 20_000;
const everybody: Gun = { sql: "LOCK TABLE app.occupancy IN SHARE MODE", params: [] };

export const openTally = (): Tally => ({ asked: 0, faults: [], slowestMs: 0 });

/** A database of its own, with `broken` done to it before anybody comes; answers are counted in `tally`. */
export async function openArena(
  open: (t: TestDatabase) => Promise<Door> | Door,
  o: { broken?: readonly string[]; tally?: Tally; seed?: number } = {},
): Promise<Arena> {
  const made = await testDatabase();
  for (const statement of o.broken ?? []) await made.admin(statement);
  const s = testServices(made);
  // One pool of ours instead of two, so that we know when all are gone.
  const t = { ...made, db: s.db };
  const door = await open(t);
  const admin = new pg.Pool({ connectionString: t.adminUrl, max: 4, application_name: "pulsecal-proof" });
  admin.on("error", () => undefined); // DROP DATABASE ends idle connections
  const tally = o.tally ?? openTally();
  const grounds = new Map<Shape, () => Promise<Spot>>();
  const cookies = new Map<string, Promise<string>>();
  let turn = 0;
  let gone: Promise<void> | null = null;

  async function ask(asking: Asking): Promise<Reply> {
    turn += 1;
    const reply = await door.ask(turn, asking);
    count(tally, asking, reply);
    return reply;
  }
  const arena: Arena = {
    t,
    s,
    door,
    tally,
    random: seeded(o.seed ?? 1),
    armed: true,
    spot(shape) {
      const ground = grounds.get(shape) ?? groundOf(t, shape);
      grounds.set(shape, ground);
      return ground();
    },
    ownerOf({ clinicId, ownerAccountId }) {
      const cookie = cookies.get(clinicId) ?? sessionCookieOf(s, ownerAccountId, clinicId);
      cookies.set(clinicId, cookie);
      return cookie;
    },
    async race(askings, gun = arena.armed && everybody) {
      if (!gun) return Promise.all(askings.map(ask));
      const starter = await admin.connect();
      try {
        await starter.query("BEGIN");
        await starter.query(gun.sql, gun.params);
        let answered = 0;
        const sent = askings.map(async (asking) => {
          const reply = await ask(asking);
          answered += 1;
          return reply;
        });
        await untilReady(
          async () => answered + (await waiting(starter)),
          Math.min(askings.length, nodes * connections),
        );
        await starter.query("ROLLBACK");
        return await Promise.all(sent);
      } finally {
        starter.release();
      }
    },
    async must(asking) {
      const reply = await ask(asking);
      if (reply.status === 200) return reply;
      throw new Error(`${asking.path} was answered ${reply.status === null ? "not at all" : reply.code}`);
    },
    quiet() {
      gone ??= (async () => {
        await door.close();
        await closeServices(s);
        const giveUp = performance.now() + goneMs;
        // Another process' end is no event for us.
        while ((await sessions(t)) > 0 && performance.now() < giveUp) await pause(20);
      })();
      return gone;
    },
    async close() {
      await arena.quiet();
      await admin.end();
      await made.close();
    },
  };
  return arena;
}

/** Until so many are ready, or nobody else comes. */
async function untilReady(count: () => Promise<number>, enough: number): Promise<void> {
  const began = performance.now();
  let [ready, grew] = [0, began];
  for (let now = began; now - began < gunMs.most; now = performance.now()) {
    if (ready > 0 && now - grew > gunMs.still) return;
    const here = await count();
    if (here >= enough) return;
    if (here > ready) grew = now;
    ready = Math.max(ready, here);
    await pause(3); // other sessions' waiting is no event for us
  }
}

/** Sessions of the product on this database. */
async function sessions(t: TestDatabase): Promise<number> {
  const [row] = await t.admin(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND usename LIKE '%\\_rt'",
  );
  return Number(row?.["n"]);
}

/** Sessions of this database that wait for a lock, whatever it is. */
async function waiting(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`SELECT count(DISTINCT l.pid)::int AS n
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE NOT l.granted AND a.datname = current_database()`);
  return rows[0]?.n ?? 0;
}

/** Writes an answer down. */
export function count(tally: Tally, asking: Asking, reply: Reply): void {
  tally.asked += 1;
  if (reply.status === null) return;
  tally.slowestMs = Math.max(tally.slowestMs, reply.ms);
  if (reply.status >= 500) tally.faults.push(`${asking.path}: ${reply.status} ${reply.code}`);
}

/** How many answers there were of each kind. */
export function endsOf(replies: readonly Reply[]): Record<string, number> {
  const ends: Record<string, number> = {};
  for (const reply of replies) {
    const end = reply.status === null ? "silence" : reply.code;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}

/** Whether the answers are exactly so many of each kind; what is expected zero times may be left out. */
export function expectEnds(replies: readonly Reply[], expected: Record<string, number>): string[] {
  const ends = endsOf(replies);
  const names = new Set([...Object.keys(ends), ...Object.keys(expected)]);
  const same = [...names].every((name) => (ends[name] ?? 0) === (expected[name] ?? 0));
  return same ? [] : [`ended ${JSON.stringify(ends)}, expected ${JSON.stringify(expected)}`];
}

export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** The token in an answer to book or hold. */
export function tokenOf(reply: Reply): string | null {
  if (reply.status !== 200) return null;
  return (reply.data as { token?: string }).token ?? null;
}
