import { type Arena, endsOf, expectEnds, tokenOf } from "./arena.ts";
import type { Asking, Reply } from "./door.ts";
import type { MutantName } from "./mutants.ts";
import { expectStanding } from "./oracle.ts";
import type { Shape, Spot } from "./place.ts";
import { book, hold } from "./wishes.ts";

/** One way to get into each other's way. */
export type Race = {
  name: string;
  shape: Shape;
  /** the broken database on which this race must be seen to go wrong */
  mutant: MutantName;
  /** `n` people at once on a day of their own; says what was not as it must be */
  run(arena: Arena, spot: Spot, n: number): Promise<string[]>;
};

export const ten = 600;
const short = { minutes: 20 };

export const upTo = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** What winners were told: each token with the state of its booking. */
export function told(askings: readonly Asking[], replies: readonly Reply[]): Map<string, string> {
  const winners = new Map<string, string>();
  for (const [index, reply] of replies.entries()) {
    const token = tokenOf(reply);
    if (token) winners.set(token, askings[index]?.path.endsWith(".hold") ? "held" : "confirmed");
  }
  return winners;
}

/** Losers are told where to go instead: three times, none of them the one they lost. */
export function expectAlternatives(replies: readonly Reply[], lost: Date): string[] {
  return replies.flatMap((reply) => {
    if (reply.status === null || reply.code !== "slot_taken") return [];
    const offered = (reply.detail["alternatives"] ?? []) as { start: string }[];
    const good = offered.length === 3 && offered.every(({ start }) => new Date(start).getTime() !== lost.getTime());
    return good ? [] : [`a loser was offered ${JSON.stringify(offered.map(({ start }) => start))}`];
  });
}

export const sameTime: Race = {
  name: "same time",
  shape: { doctors: 1, services: [short] },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const askings = upTo(n, (index) => (index % 2 ? book : hold)(spot, { minute: ten }));
    const replies = await arena.race(askings);
    return [
      ...expectEnds(replies, { ok: 1, slot_taken: n - 1 }),
      ...expectAlternatives(replies, askings[0]?.input["start"] as Date),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

type Want = { minute: number; service?: number };
export type Block = { from: number; to: number };

/** What a visit keeps from others: its minutes and the buffers on both sides. */
function blockOf({ shape }: Spot, { minute, service = 0 }: Want): Block {
  const { minutes = 0, bufferBefore = 0, bufferAfter = 0 } = shape.services[service] ?? {};
  return { from: minute - bufferBefore, to: minute + minutes + bufferAfter };
}

/** Nobody who won overlaps another winner, and everybody who was told "taken" does. */
export async function expectFair(
  arena: Arena,
  spot: Spot,
  wants: readonly Want[],
  block: (spot: Spot, want: Want) => Block = blockOf,
): Promise<string[]> {
  const askings = wants.map((want) => book(spot, want));
  const replies = await arena.race(askings);
  const blocks = wants.map((want) => block(spot, want));
  const won = blocks.filter((_, index) => replies[index]?.status === 200);
  const wrong: string[] = [];
  for (const [index, reply] of replies.entries()) {
    const own = blocks[index];
    if (!own) continue;
    const inTheWay = won.filter((other) => other !== own && other.from < own.to && own.from < other.to).length;
    const end = reply.status === null ? "silence" : reply.code;
    if (end === "ok" && inTheWay > 0) wrong.push(`two winners overlap at minute ${own.from}`);
    if (end !== "ok" && end !== "slot_taken") wrong.push(`ended ${end}`);
    if (end === "slot_taken" && inTheWay === 0) wrong.push(`"taken" at minute ${own.from}, which nobody has`);
  }
  if (won.length === 0) wrong.push("nobody won");
  return [...wrong, ...(await expectStanding(arena, spot, told(askings, replies)))];
}

const partialOverlap: Race = {
  name: "times that partly overlap",
  shape: {
    doctors: 1,
    services: [
      { minutes: 30, intervalMinutes: 10 },
      { minutes: 50, intervalMinutes: 10, bufferAfter: 10 },
    ],
  },
  mutant: "unguarded",
  run: (arena, spot, n) =>
    expectFair(
      arena,
      spot,
      upTo(n, (index) => ({ minute: ten + 10 * (index % 7), service: index % 2 })),
    ),
};

const buffersOnly: Race = {
  name: "times that only their buffers join",
  shape: { doctors: 1, services: [{ minutes: 20, bufferBefore: 5, bufferAfter: 5 }] },
  mutant: "unguarded",
  run: (arena, spot, n) =>
    expectFair(
      arena,
      spot,
      upTo(n, (index) => ({ minute: ten + 20 * (index % 5) })),
    ),
};

const touching: Race = {
  name: "times that touch",
  shape: { doctors: 1, services: [{ minutes: 10 }] },
  mutant: "closedRanges",
  async run(arena, spot, n) {
    const askings = upTo(n, (index) => book(spot, { minute: 480 + index * 10 }));
    const replies = await arena.race(askings);
    return [...expectEnds(replies, { ok: n }), ...(await expectStanding(arena, spot, told(askings, replies)))];
  },
};

const differentDoctors: Race = {
  name: "different doctors at one time",
  shape: { doctors: 10, services: [short] },
  mutant: "oneForAll",
  async run(arena, spot, n) {
    const askings = upTo(n, (index) => book(spot, { minute: ten + 20 * Math.floor(index / 10), doctor: index % 10 }));
    const replies = await arena.race(askings);
    return [...expectEnds(replies, { ok: n }), ...(await expectStanding(arena, spot, told(askings, replies)))];
  },
};

const whoeverIsFree: Race = {
  name: "whoever is free",
  shape: { doctors: 4, services: [short] },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const askings = upTo(n, () => book(spot, { minute: ten, doctor: "any" }));
    const replies = await arena.race(askings);
    const won = Math.min(n, 4);
    return [
      ...expectEnds(replies, { ok: won, slot_taken: n - won }),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

const oneKey: Race = {
  name: "one press sent many times",
  shape: { doctors: 1, services: [short] },
  mutant: "forgetful",
  async run(arena, spot, n) {
    const asking = book(spot, { minute: ten });
    const replies = await arena.race(upTo(n, () => asking));
    const tokens = new Set(replies.map(tokenOf));
    return [
      ...(tokens.size === 1 ? [] : [`ended ${JSON.stringify(endsOf(replies))} with ${tokens.size} different answers`]),
      ...expectEnds(replies, { ok: n }),
      ...(await expectStanding(arena, spot, told([asking], replies))),
    ];
  },
};

/** Many people who take times, and nothing else. */
export const races: readonly Race[] = [
  sameTime,
  partialOverlap,
  buffersOnly,
  touching,
  differentDoctors,
  whoeverIsFree,
  oneKey,
];
