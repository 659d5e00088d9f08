import { randomUUID } from "node:crypto";
import { type Arena, expectEnds, hashOf, tokenOf } from "./arena.ts";
import { seenAtTheDesk } from "./desk.ts";
import type { Asking, Reply } from "./door.ts";
import { expectStanding, standingAt } from "./oracle.ts";
import { dateOf, instant, type Spot } from "./place.ts";
import { type Race, ten, told, upTo } from "./races.ts";
import { book, hold, move, patient } from "./wishes.ts";

const short = { minutes: 20 };

const oneRoom: Race = {
  name: "two doctors and one room",
  shape: { doctors: 2, rooms: 1, services: [{ ...short, room: true }] },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const askings = upTo(n, (index) => (index % 3 ? book : hold)(spot, { minute: ten, doctor: index % 2 }));
    const replies = await arena.race(askings);
    const [row] = await standingAt(arena, spot);
    return [
      ...expectEnds(replies, { ok: 1, slot_taken: n - 1 }),
      ...(row?.occupied === 2 ? [] : [`the winner keeps ${row?.occupied} of a doctor and a room`]),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

const moveIntoOne: Race = {
  name: "many bookings moved into one time",
  shape: { doctors: 2, services: [{ minutes: 10 }] },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const before = await arena.race(
      upTo(n, (index) => book(spot, { minute: 480 + index * 10 })),
      false,
    );
    const tokens = before.map((reply) => String(tokenOf(reply)));
    const seen = await seenAtTheDesk(arena, spot);
    const cookie = await arena.ownerOf(spot);
    const target = { start: instant(spot.day, ten), practitionerId: spot.doctors[1] };
    const replies = await arena.race(
      tokens.map((token, index): Asking => {
        if (index % 3) return move(spot, token, { minute: ten, doctor: 1 });
        const input = { ...seen.get(hashOf(token)), ...target, key: randomUUID() };
        return { slug: spot.slug, path: "staff.bookings.move", cookie, input };
      }),
    );
    const kept = replies.every((reply) => reply.status === 200 || (reply.status && reply.detail["kept"] === true));
    const rows = await standingAt(arena, spot);
    const there = rows.filter(({ doctor }) => doctor === spot.doctors[1]);
    const stayed = new Set(rows.filter(({ doctor }) => doctor === spot.doctors[0]).map(({ start }) => start));
    return [
      ...expectEnds(replies, { ok: 1, slot_taken: n - 1 }),
      ...(kept ? [] : ["a loser was not told that the old time is kept"]),
      ...(there.length === 1 && stayed.size === n - 1 ? [] : [`${there.length} arrived, ${stayed.size} stayed`]),
      ...(await expectStanding(arena, spot, new Map(tokens.map((token) => [token, "confirmed"])))),
    ];
  },
};

const capacity = 4;

const seats: Race = {
  name: "seats of one session",
  shape: { doctors: 1, services: [{ ...short, seats: capacity }] },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const askings = upTo(n, (index) => (index % 2 ? book : hold)(spot, { minute: ten }));
    const replies = await arena.race(askings);
    const won = Math.min(n, capacity);
    const rows = await arena.t.admin(
      `SELECT g.capacity, g.taken, array_agg(s.seat_no ORDER BY s.seat_no) AS numbers
       FROM app.group_session g LEFT JOIN app.seat s ON s.clinic_id = g.clinic_id AND s.session_id = g.id
       WHERE g.clinic_id = $1 AND g.starts_at = $2 AND g.taken > 0 GROUP BY g.id, g.capacity, g.taken`,
      [spot.clinicId, instant(spot.day, ten)],
    );
    const expected = { capacity, taken: won, numbers: upTo(won, (index) => index + 1) };
    return [
      ...expectEnds(replies, { ok: won, slot_taken: n - won }),
      ...(JSON.stringify(rows) === JSON.stringify([expected]) ? [] : [`sessions ${JSON.stringify(rows)}`]),
      ...(await expectStanding(arena, spot, told(askings, replies))),
    ];
  },
};

const oneHolder: Race = {
  name: "one browser that holds many times",
  shape: { doctors: 1, services: [{ minutes: 10 }] },
  mutant: "unqueued",
  async run(arena, spot, n) {
    const holder = randomUUID().replaceAll("-", "").slice(0, 22);
    const askings = upTo(n, (index) => {
      const asking = hold(spot, { minute: 480 + index * 10 });
      return { ...asking, input: { ...asking.input, holder } };
    });
    const replies = await arena.race(askings);
    const rows = await standingAt(arena, spot);
    return [...expectEnds(replies, { ok: n }), ...(rows.length === 1 ? [] : [`it holds ${rows.length} times`])];
  },
};

/** Two visits back to back instead of the one that is held. */
export function takeFamily(spot: Spot, token: string, minutes: readonly number[]): Asking {
  const visits = minutes.map((minute) => ({ start: instant(spot.day, minute), practitionerId: spot.doctors[0] }));
  return { slug: spot.slug, path: "public.booking.family.take", input: { token, visits, key: randomUUID() } };
}

const family: Race = {
  name: "a family and those who want one of its times",
  shape: { doctors: 1, services: [short] },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const token = String(tokenOf(await arena.must(hold(spot, { minute: ten }))));
    const singles = upTo(n - 1, () => book(spot, { minute: ten + 20 }));
    const [set, ...replies] = await arena.race([takeFamily(spot, token, [ten, ten + 20]), ...singles]);
    const winners = told(singles, replies);
    const held = tokensOfSet(set);
    // Whoever loses keeps what they had: the family its first hold.
    for (const one of held.length > 0 ? held : [token]) winners.set(one, "held");
    const won = (held.length > 0 ? 1 : 0) + replies.filter(({ status }) => status === 200).length;
    return [
      ...(won === 1 ? [] : [`${won} have the second time`]),
      ...(held.length === 0 || held.length === 2 ? [] : [`${held.length} of two visits are held`]),
      ...(await expectStanding(arena, spot, winners)),
    ];
  },
};

function tokensOfSet(reply: Reply | undefined): string[] {
  if (reply?.status !== 200) return [];
  return (reply.data as { visits: { token: string }[] }).visits.map(({ token }) => token);
}

const dates = 3;

export async function bookSeries(arena: Arena, spot: Spot): Promise<Asking> {
  const choices = upTo(dates, (index) => ({ date: dateOf(spot.day + index), start: instant(spot.day + index, ten) }));
  return {
    slug: spot.slug,
    path: "staff.series.book",
    cookie: await arena.ownerOf(spot),
    input: {
      serviceId: spot.services[0],
      practitionerId: spot.doctors[0],
      start: instant(spot.day, ten),
      rule: { freq: "daily", count: dates },
      choices,
      ...patient,
      key: randomUUID(),
    },
  };
}

const series: Race = {
  name: "a series and those who want one of its times",
  shape: { doctors: 1, services: [short], days: dates },
  mutant: "unguarded",
  async run(arena, spot, n) {
    const middle = { ...spot, day: spot.day + 1 };
    const singles = upTo(n - 1, () => book(middle, { minute: ten }));
    const [set, ...replies] = await arena.race([await bookSeries(arena, spot), ...singles]);
    const winners = replies.filter(({ status }) => status === 200).length;
    const wasIn = set?.status === 200;
    const standing = await Promise.all(upTo(dates, (index) => standingAt(arena, { ...spot, day: spot.day + index })));
    const counts = standing.map((rows) => rows.length).join(" ");
    const expected = wasIn ? "1 1 1" : "0 1 0";
    return [
      ...(winners + (wasIn ? 1 : 0) === 1 ? [] : [`${winners} single winners, the series was ${set?.status}`]),
      ...(counts === expected ? [] : [`bookings by date: ${counts}, expected ${expected}`]),
    ];
  },
};

/** Visits that need more than one person's time, and sets that are had whole or not at all. */
export const together: readonly Race[] = [oneRoom, moveIntoOne, seats, oneHolder, family, series];
