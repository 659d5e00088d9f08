export type SeatVerdict = { ok: true; seats: number[] } | { ok: false; why: "session_full" };

/** Numbered seats of a group session, lowest first; all that are asked for or none. Seats are 1..capacity. */
export function takeSeats(session: { capacity: number; taken: readonly number[] }, wanted = 1): SeatVerdict {
  const taken = new Set(session.taken);
  const seats: number[] = [];
  for (let seat = 1; seat <= session.capacity && seats.length < wanted; seat++) if (!taken.has(seat)) seats.push(seat);
  return seats.length === wanted ? { ok: true, seats } : { ok: false, why: "session_full" };
}
