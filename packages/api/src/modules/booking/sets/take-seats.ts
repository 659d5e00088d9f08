import { takeSeats as lowestSeats } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../../infra/in-tx.ts";
import { SlotTaken } from "../slot-taken.ts";
import type { VisitResource } from "../take/visit.ts";
import { joinSession, openSession, sessionStands, takenSeats } from "./session.repo.ts";

/** People who want to sit in one group session. */
export type SeatsWanted = {
  service: { id: string; seats: number };
  practitionerId: string;
  /** epoch milliseconds */
  start: number;
  minutes: number;
  /** what a session of it occupies, should this be its first */
  resources: readonly VisitResource[];
  wanted: number;
};

/** A place in a session, as a visit takes it. */
export type SeatTaken = { sessionId: string; seatNo: number };

/**
 * Takes seats for people who come together, all of them or none: in the session that is there, lowest numbers first, or
 * in a new one. Called inside `inBookingTx` before the visits that sit on them are written; cancelling a visit gives its
 * seat back, and the last one leaves the session's time.
 * @throws SlotTaken when there are fewer seats left than are wanted
 */
export async function takeSeats(
  tx: TenantTx,
  work: Work,
  { service, practitionerId, start, minutes, resources, wanted }: SeatsWanted,
): Promise<SeatTaken[]> {
  const { clinicId } = work;
  const at = { serviceId: service.id, practitionerId, start, end: start + minutes * 60_000 };
  const joined = await joinSession(tx, clinicId, at, wanted);
  if (!joined && (wanted > service.seats || (await sessionStands(tx, clinicId, at)))) throw new SlotTaken();
  const session = joined ?? {
    id: await openSession(tx, clinicId, { ...at, capacity: service.seats, taken: wanted, resources }),
    capacity: service.seats,
  };
  const taken = await takenSeats(tx, clinicId, session.id);
  const seats = lowestSeats({ capacity: session.capacity, taken }, wanted);
  if (!seats.ok) throw new SlotTaken();
  return seats.seats.map((seatNo) => ({ sessionId: session.id, seatNo }));
}
