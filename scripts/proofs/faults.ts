import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { checkAnswers, checkClinics, checkLive, checkMails, failures, type Finding } from "./faults/checks.ts";
import { moveClocksOfHolds, moveClocksOfUndone } from "./faults/clocks.ts";
import { commitOutOfOrder, type Controls, runControls } from "./faults/controls.ts";
import { type Evidence, gather } from "./faults/evidence.ts";
import { openLedger } from "./faults/ledger.ts";
import { mailFaults } from "./faults/mail-faults.ts";
import { invitePatients } from "./faults/patients.ts";
import { checkHealed, count, eventually, type Fault, readTimes, type Stage } from "./faults/stage.ts";
import { storeFaults } from "./faults/store-faults.ts";
import { watchEvents, watchTimes } from "./faults/watchers.ts";
import { webFaults } from "./faults/web-faults.ts";
import { workerFaults } from "./faults/worker-faults.ts";
import { openWorld, type World } from "./faults/world.ts";
import { type Proof, type ProofOptions, proof, type ProofSuite, seeded } from "./harness.ts";

/** What is waited for longest comes first, so that its waiting happens beside the rest. */
const FAULTS: Fault[] = [...mailFaults, ...workerFaults, ...storeFaults, ...webFaults];

const LIVE = "events missed or repeated by a watcher";
const TIMES = "free times a watcher ends with";
const CLINICS = "another clinic's events and mails";
const OVERLAPS = "overlapping bookings";
const STUCK = "events, holds and mails left undone";

const FULL_ROUNDS = 4;

/** Kills, cuts, slows and empties everything the product stands on, and counts what its users would have noticed. */
export const faults: ProofSuite = async ({ full, seed }: ProofOptions): Promise<Proof[]> => {
  const say = (text: string): void => console.log(`faults: ${text}`);
  const total = new Map<string, Proof>();
  for (let round = 0; round < (full ? FULL_ROUNDS : 1); round += 1) {
    if (full) say(`round ${round + 1} of ${FULL_ROUNDS}, seed ${seed + round}`);
    for (const row of await runRound({ full, seed: seed + round }, say)) {
      const before = total.get(row.name);
      total.set(row.name, before ? added(before, row) : row);
    }
  }
  return [...total.values()];
};

function added(a: Proof, b: Proof): Proof {
  const [tried, failed, control] = [a.tried + b.tried, a.failed + b.failed, a.control && b.control];
  return { ...a, tried, failed, control, met: a.met && b.met };
}

async function runRound(o: ProofOptions, say: Stage["say"]): Promise<Proof[]> {
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  let opened: World | null = null;
  const quit = (): void => void (opened?.close() ?? Promise.resolve()).finally(() => process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, quit);
  const world = await openWorld(say);
  opened = world;
  try {
    say(`two web nodes and two workers run after ${seconds()}`);
    const stage = await openStage(world, o, say);
    for (const fault of o.full ? shuffled(FAULTS, stage.random) : FAULTS) {
      const started = performance.now();
      await strike(stage, fault);
      const { tried = 0, failed = 0 } = stage.tallies.get(fault.name) ?? {};
      say(`${fault.name}: ${Math.round(performance.now() - started)} ms, ${failed} of ${tried} so far (${seconds()})`);
    }
    const naive = await commitOutOfOrder(stage);
    await settle(stage);
    say(`settled after ${seconds()}`);
    const evidence = await readEvidence(stage);
    say(sumOfMails(evidence));
    const controls = await runControls(stage, evidence, naive);
    say(`controls ${JSON.stringify(controls)} (${seconds()})`);
    return conclude(stage, evidence, controls);
  } finally {
    await world.close();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.removeListener(signal, quit);
  }
}

async function openStage(world: World, o: ProofOptions, say: Stage["say"]): Promise<Stage> {
  const random = seeded(o.seed);
  const ledger = openLedger(join(world.logs, "ledger.jsonl"));
  const patients = await invitePatients(world, ledger, random);
  const [ours, theirs] = world.clinics;
  const [web1, web2] = world.webs;
  return {
    world,
    patients,
    ledger,
    random,
    say,
    full: o.full,
    watchers: [
      await watchEvents(world, ours, web1, "owner at web1"),
      await watchEvents(world, ours, web2, "owner at web2"),
      await watchEvents(world, ours, web1, "owner who stumbles"),
      await watchEvents(world, theirs, web2, "owner of the other clinic"),
    ],
    timesWatchers: [
      watchTimes(world, ours, web1, patients.popularDay),
      watchTimes(world, theirs, web2, patients.popularDay),
    ],
    tallies: new Map(),
    allowed: new Map(),
    poison: new Set(),
    began: [],
  };
}

/** One fault: it strikes and heals while a watcher keeps losing its line; then the nodes have to be well again. */
async function strike(stage: Stage, fault: Fault): Promise<void> {
  const [now] = await stage.world.admin<{ tx: string }>("SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS tx");
  stage.began.push({ fault: fault.name, tx: BigInt(now?.tx ?? 0) });
  const stumbling = setInterval(() => stage.watchers[2]?.stumble(), 700);
  try {
    await fault.run(stage, fault.name);
  } catch (error) {
    count(stage, fault.name, false, `not carried through: ${String(error)}`);
    await stage.world.heal();
  } finally {
    clearInterval(stumbling);
  }
  await checkHealed(stage, fault.name);
}

const SETTLED_MS = { short: 60_000, full: 200_000 };

/** Waits until all that is due is done and every watcher has heard the last event; what is not, the checks will say. */
async function settle(stage: Stage): Promise<void> {
  const { world } = stage;
  await moveClocksOfHolds(stage);
  const giveUp = Date.now() + (stage.full ? SETTLED_MS.full : SETTLED_MS.short);
  for (; Date.now() < giveUp; await pause(250)) {
    if (world.sink.open() === 0 && (await readEvidence(stage)).stuck.length === 0) break;
    await moveClocksOfUndone(stage);
  }
  await eventually(async () => {
    const { events } = await readEvidence(stage);
    return stage.watchers.every(({ clinic, heard }) => {
      const last = events.findLast((event) => event.live && event.clinicId === clinic.id);
      return last === undefined || heard.some((one) => one.seq === last.seq);
    });
  }, 15_000);
  await checkTimes(stage);
}

/** Each watcher of a day ends with the times a fresh page shows. */
async function checkTimes(stage: Stage): Promise<void> {
  for (const watcher of stage.timesWatchers) {
    let said = "";
    const same = await eventually(async () => {
      const reply = await readTimes(stage, stage.world.webs[1], watcher);
      if (reply.status !== 200) return false;
      const { days } = reply.data as { days: { date: string; times: { start: string }[] }[] };
      const fresh = days.find(({ date }) => date === watcher.date)?.times.map(({ start }) => start) ?? [];
      said = `a page shows ${fresh.length} times, the watcher has ${watcher.free.size}`;
      return fresh.length === watcher.free.size && fresh.every((time) => watcher.free.has(time));
    }, 10_000);
    count(stage, TIMES, same, said);
  }
}

function readEvidence(stage: Stage): Promise<Evidence> {
  const { ledger, world, allowed, watchers, poison } = stage;
  const outside = { entries: [...ledger.entries], accepted: [...world.sink.accepted], allowed, watchers };
  return gather(world.admin, outside, poison);
}

function sumOfMails({ accepted, allowed }: Evidence): string {
  const arrived = Map.groupBy(accepted, (mail) => mail.messageId);
  const repeats = accepted.length - arrived.size;
  const windows = [...allowed.values()].reduce((sum, times) => sum + times, 0);
  return `${arrived.size} mails arrived, ${repeats} of them again; ${windows} were cut between the server's yes and our commit`;
}

function conclude(stage: Stage, evidence: Evidence, controls: Controls): Proof[] {
  const faultAt = (tx: bigint): string | null => stage.began.findLast((one) => one.tx <= tx)?.fault ?? null;
  const live = checkLive(evidence, faultAt);
  for (const finding of [...checkAnswers(evidence), ...checkMails(evidence), ...live]) {
    if (finding.fault !== null) count(stage, finding.fault, finding.ok, finding.note);
  }
  const slugs = new Map(stage.world.clinics.map(({ id, slug }) => [id, slug]));
  const all = controls.answers && controls.mails && controls.live && controls.heal;
  const { overlaps, occupancies, events, stuck } = evidence;
  const rows: Proof[] = FAULTS.map(({ name }) => {
    const tally = stage.tallies.get(name) ?? { tried: 0, failed: 0, notes: [] };
    explain(stage, name, tally.notes);
    const control = name === "rolling restart under load" ? all && controls.restart : all;
    return proof(`faults: ${name}`, {
      tried: tally.tried,
      failed: tally.failed,
      control,
      atLeast: 30,
      why: tally.notes,
    });
  });
  const times = stage.tallies.get(TIMES) ?? { tried: 0, failed: 0, notes: [] };
  explain(stage, TIMES, times.notes);
  const clinics = checkClinics(evidence, slugs);
  explain(
    stage,
    CLINICS,
    failures(clinics).map(({ note }) => note),
  );
  explain(stage, STUCK, stuck);
  return [
    ...rows,
    proof(`faults: ${LIVE}`, { ...counted(live), control: controls.live }),
    proof(`faults: ${TIMES}`, { tried: times.tried, failed: times.failed, control: controls.live, why: times.notes }),
    proof(`faults: ${CLINICS}`, { ...counted(clinics), control: controls.clinics }),
    proof(`faults: ${OVERLAPS}`, { tried: occupancies, failed: overlaps, control: controls.overlaps }),
    proof(`faults: ${STUCK}`, { tried: events.length, failed: stuck.length, control: controls.stuck, why: stuck }),
  ];
}

function counted(findings: readonly Finding[]): { tried: number; failed: number; why: string[] } {
  const failed = failures(findings);
  return { tried: findings.length, failed: failed.length, why: failed.map(({ note }) => note) };
}

const NOTES = 8;

function explain(stage: Stage, name: string, notes: readonly string[]): void {
  for (const note of notes.slice(0, NOTES)) stage.say(`  ${name}: ${note.slice(0, 400)}`);
  if (notes.length > NOTES) stage.say(`  ${name}: and ${notes.length - NOTES} more`);
}

function shuffled<T>(items: readonly T[], random: Stage["random"]): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
