import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { hashToken } from "../../../infra/tokens.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { type BookingRow, findBooking } from "../booking.repo.ts";
import { minutesOf } from "../booking-view.ts";
import { type LoadedQuestion, loadQuestion, type Reads } from "../../scheduling/index.ts";
import { daysAround, type Held } from "./family-times.ts";

/** The hold that something began with has run out, or is none any more. Answered with the nearest times. */
export class HoldLapsed extends Error {
  constructor() {
    super("hold_lapsed");
    this.name = "HoldLapsed";
  }
}

const dayMs = 24 * 60 * 60_000;

/** The booking a link means, whatever has become of it; not_found for a link of nothing. */
export async function bookingOfToken(work: Work, token: string): Promise<BookingRow> {
  const found = await inTenant(work, (db) => findBooking(db, work.clinicId, { tokenHash: hashToken(token) }));
  if (!found) throw refuse("not_found");
  return found.row;
}

/** A held booking as a family is fitted around it: with the rest of its set, if it is one of several already. */
export function heldOf(row: BookingRow): Held {
  return {
    start: row.startsAt.getTime(),
    practitionerId: row.practitionerId,
    minutes: minutesOf(row),
    bookingIds: idsOfSet(row),
  };
}

/** A booking and the others of its set. */
export function idsOfSet(row: BookingRow): string[] {
  return [row.id, ...(row.setOthers ?? []).map(({ id }) => id)];
}

/** Everything about a held booking's service in the days around some starts. */
export async function loadAround(
  db: Reads,
  clinicId: string,
  row: BookingRow,
  starts: readonly number[],
): Promise<LoadedQuestion> {
  const window = { from: Math.min(...starts) - daysAround * dayMs, to: Math.max(...starts) + (daysAround + 1) * dayMs };
  const { serviceId, id } = row;
  const asked = { clinicId, serviceId, who: "any", window, minutes: minutesOf(row), without: id };
  const loaded = await loadQuestion(db, asked);
  if (!loaded) throw refuse("not_found");
  if (loaded.availability.clinic.status !== "live") throw refuse("not_bookable");
  return { ...loaded, service: inTime(loaded, row) };
}

/** A time that was held in time stays in time, however long the form took: notice reaches no further than to it. */
function inTime({ service, availability }: LoadedQuestion, row: BookingRow): LoadedQuestion["service"] {
  const left = Math.floor((row.startsAt.getTime() - availability.now) / 60_000);
  return { ...service, noticeMinutes: Math.max(0, Math.min(service.noticeMinutes, left)) };
}
