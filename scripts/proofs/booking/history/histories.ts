import { type Proof, type ProofOptions, proof, seeded } from "../../harness.ts";
import type { Arena } from "../arena.ts";
import type { Controls } from "../controls.ts";
import { legalOrder, type Verdict } from "./legal-order.ts";
import { liesAbout } from "./lies.ts";
import { cellsOfDay, type Clock, type Day, look, oneOf, openClock, openDay, rush } from "./people.ts";
import { type Done, emptyDay, keyOf, operationOf } from "./registers.ts";

const size = { people: 8, days: 8, things: 45 };
const waves = { short: 1, full: 30 };
const rushes = 6;

/**
 * People do everything at once, some hang up before they are answered, and afterwards an order must exist in which all
 * that was answered makes sense: each practitioner's five minutes as a register (Jepsen's way).
 */
export async function histories(o: ProofOptions, arena: Arena, controls: Controls): Promise<Proof> {
  const clock = openClock();
  const days: Day[] = [];
  for (let wave = 0; wave < (o.full ? waves.full : waves.short); wave += 1) {
    days.push(...(await crowdedDays(arena, clock, o.seed + wave)));
    if (o.full) console.log(`     history: wave ${wave + 1} of ${waves.full}`);
  }
  const verdicts = days.map(({ history }) => judge(history));
  const operations = days.reduce((sum, { history }) => sum + history.length, 0);
  const unknown = days.reduce((sum, { history }) => sum + history.filter(({ did }) => did.end === "unknown").length, 0);
  console.log(`     ${operations} operations on ${days.length} days, ${unknown} of them without an answer`);
  return proof("booking: histories without a legal order", {
    tried: operations,
    failed: verdicts.filter(({ legal }) => legal !== true).length,
    control: controls.histories && liesAreSeen(days, verdicts),
    atLeast: 200,
    why: verdicts.flatMap((verdict, index) => explain(verdict, days[index], o.seed)),
  });
}

function judge(history: readonly Done[]): Verdict {
  return legalOrder(history.map(operationOf), { start: emptyDay(cellsOfDay), key: keyOf });
}

async function crowdedDays(arena: Arena, clock: Clock, seed: number): Promise<Day[]> {
  const random = seeded(seed);
  const days: Day[] = [];
  for (let index = 0; index < size.days; index += 1) days.push(await openDay(arena));
  const crowd = { arena, clock, random, days };
  for (const day of days) await rush(crowd, day, rushes);
  await Promise.all(Array.from({ length: size.people }, () => oneOf(crowd, size.things)));
  for (const day of days) {
    await look(crowd, day);
    await look(crowd, day, 1);
  }
  return days;
}

/** Lies about true histories; every one has to be caught, and each kind has to have been told. */
function liesAreSeen(days: readonly Day[], verdicts: readonly Verdict[]): boolean {
  const told = new Map<string, boolean>();
  for (const [index, { history }] of days.entries()) {
    if (verdicts[index]?.legal !== true) continue;
    for (const lie of liesAbout(history)) {
      const caught = judge(lie.history).legal === false;
      told.set(lie.what, caught && (told.get(lie.what) ?? true));
    }
  }
  for (const [what, caught] of told) if (!caught) console.log(`     a lie that went unnoticed: ${what}`);
  return told.size > 0 && [...told.values()].every(Boolean);
}

/** A database without its guards tells the truth about what should not have happened. */
export async function unguardedIsSeen(arena: Arena, seed: number): Promise<boolean> {
  const day = await openDay(arena);
  await rush({ arena, clock: openClock(), random: seeded(seed), days: [day] }, day, rushes);
  return judge(day.history).legal === false;
}

function explain(verdict: Verdict, day: Day | undefined, seed: number): string[] {
  if (verdict.legal === true || !day) return [];
  const where = `${day.spot.slug} day ${day.spot.day}, seed ${seed}`;
  if (verdict.legal === null) return [`${where}: the search was given up`];
  return [`${where}: nothing explains ${verdict.stuck.slice(0, 3).join(" ")}`];
}
