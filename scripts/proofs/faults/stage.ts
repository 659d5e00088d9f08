import { setTimeout as pause } from "node:timers/promises";
import type { seeded } from "../harness.ts";
import { ask, type Reply } from "./ask.ts";
import type { Ledger } from "./ledger.ts";
import type { Part } from "./part.ts";
import type { Patients } from "./patients.ts";
import type { Watcher, TimesWatcher } from "./watchers.ts";
import type { Clinic, World } from "./world.ts";

/** What one fault was checked for, and what broke. */
export type Tally = { tried: number; failed: number; notes: string[] };

export type Stage = {
  world: World;
  patients: Patients;
  ledger: Ledger;
  random: ReturnType<typeof seeded>;
  watchers: Watcher[];
  timesWatchers: TimesWatcher[];
  /** Real waiting; the short form moves the clocks of what the dead left behind instead. */
  full: boolean;
  tallies: Map<string, Tally>;
  /** How often more than once a mail may have arrived: one per cut between the server's yes and our commit. */
  allowed: Map<string, number>;
  /** Events that were made to be refused. */
  poison: Set<string>;
  /** Where in the order of events each fault began. */
  began: { fault: string; tx: bigint }[];
  say(text: string): void;
};

export type Fault = { name: string; run(stage: Stage, name: string): Promise<void> };

/** Counts one thing that was looked at. */
export function count(stage: Stage, fault: string, ok: boolean, note: string): void {
  const tally = stage.tallies.get(fault) ?? { tried: 0, failed: 0, notes: [] };
  stage.tallies.set(fault, tally);
  tally.tried += 1;
  if (ok) return;
  tally.failed += 1;
  tally.notes.push(note);
}

/** Waits for something that has to happen soon, or says what did not. */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not happen within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until it is so; false when the time is up. */
export async function eventually(look: () => Promise<boolean>, ms: number): Promise<boolean> {
  for (const giveUp = Date.now() + ms; Date.now() < giveUp; await pause(100)) {
    if (await look().catch(() => false)) return true;
  }
  return false;
}

/**
 * After a worker was killed: every mail the sink has taken from it and whose end is not in the database may come once
 * more, since nobody can know of it any more.
 */
export async function noteWindow(stage: Stage, worker: string): Promise<void> {
  const { sink, admin } = stage.world;
  const said = new Set(sink.accepted.filter((mail) => mail.worker === worker).map((mail) => mail.messageId));
  const open = await admin<{ message_id: string }>("SELECT message_id FROM app.delivery WHERE state = 'queued'");
  const inside = open.map((row) => row.message_id.slice(1, -1)).filter((id) => said.has(id));
  for (const id of inside) stage.allowed.set(id, (stage.allowed.get(id) ?? 0) + 1);
}

const HEALED_WITHIN_MS = 30_000;
const PROBES = 6;

/** I9: once healed, both nodes are ready within 30 s and then answer readers and patients without a 5xx. */
export async function checkHealed(stage: Stage, fault: string): Promise<void> {
  const { world } = stage;
  for (const part of [...world.webs, ...world.workers]) {
    const crash = part.crashed();
    count(stage, fault, crash === null, `${part.name} ended by itself: ${crash}`);
    if (crash !== null) await part.start();
  }
  const calm = async (): Promise<boolean> => {
    const ready = await Promise.all(world.webs.map((web) => web.ready()));
    return ready.every(Boolean);
  };
  const healed = await eventually(calm, HEALED_WITHIN_MS);
  count(stage, fault, healed, `not ready ${HEALED_WITHIN_MS / 1000} s after the heal`);
  for (let probe = 0; probe < PROBES; probe += 1) {
    for (const node of world.webs) {
      const reply = await readTimes(stage, node);
      const ok = reply.status === 200;
      count(stage, fault, ok, `after the heal ${node.name} answered ${JSON.stringify(reply).slice(0, 120)}`);
    }
  }
  for (const first of world.webs) {
    const entry = await stage.patients.book(stage.patients.slot(), { fault, first, retries: "balancer" });
    count(stage, fault, entry.told.kind === "booked", `after the heal a booking ended ${JSON.stringify(entry.tries)}`);
  }
}

/** A page of times, as any visitor reads it: the next days of the first clinic, or one day of one. */
export function readTimes(
  stage: Stage,
  node: Part,
  of: { clinic: Clinic; date?: string } = { clinic: stage.world.clinics[0] },
): Promise<Reply> {
  const { slug, serviceId } = of.clinic;
  const day = of.date === undefined ? {} : { from: of.date, days: 1 };
  return ask(node, {
    slug,
    baseDomain: stage.world.baseDomain,
    path: "public.booking.times",
    query: true,
    input: { serviceId, who: "any", ...day },
  });
}

/** The wake-up the product sends after its own commits. */
export async function wakeReaders(stage: Stage, clinicId: string): Promise<void> {
  await stage.world.redis().publish("pulsecal:wake", JSON.stringify({ clinicId }));
}
