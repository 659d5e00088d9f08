import { inTenant, type Work } from "../../../infra/in-tx.ts";
import type { BookingRow } from "../booking.repo.ts";
import { isLapsed } from "../booking-view.ts";
import { holdExpired } from "../take/hold-time.ts";
import { type FamilyVisit, proposeFamily } from "./family-times.ts";
import { bookingOfToken, heldOf, loadAround } from "./held-set.ts";

/** A visit as a screen shows it. */
export type ProposedVisit = { start: Date; practitionerId: string };
export type Proposed = { together: ProposedVisit[] | null; apart: ProposedVisit[][] };

/** When several people can come, around the time that is held for one of them. Nothing is held by asking. */
export async function proposeTimes(work: Work, input: { token: string; people: number }): Promise<Proposed> {
  const row = await bookingOfToken(work, input.token);
  if (row.state !== "held" || isLapsed(row)) throw await holdExpired(work, row);
  return proposalAround(work, row, input.people);
}

/** The same around a booking that was read before. */
export async function proposalAround(work: Work, row: BookingRow, people: number): Promise<Proposed> {
  const loaded = await inTenant(work, (db) => loadAround(db, work.clinicId, row, [row.startsAt.getTime()]));
  const { together, apart } = proposeFamily(loaded, heldOf(row), people);
  return { together: together && shown(together), apart: apart.map(shown) };
}

function shown(visits: readonly FamilyVisit[]): ProposedVisit[] {
  return visits.map(({ start, practitionerId }) => ({ start: new Date(start), practitionerId }));
}
