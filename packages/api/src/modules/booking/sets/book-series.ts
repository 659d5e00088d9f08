import { dayOf } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { checkLength, findAnswer, hashInput, type LoadedQuestion, occupiedBy, replay } from "../../scheduling/index.ts";
import { findBookings } from "../booking.repo.ts";
import { inBookingTx, untilUnchanged } from "../in-booking-tx.ts";
import { ChangedMeanwhile, SlotTaken } from "../slot-taken.ts";
import type { Visit } from "../take/visit.ts";
import { guestOf } from "../take/wish.ts";
import { writeVisits } from "../take/write-visits.ts";
import { queuesOf } from "./queues.ts";
import { assignAll, evaluated, loadSeries, occurrenceAt, type Series, seriesOf, startsOf } from "./series-question.ts";
import type { SeriesBookInput, SeriesDate, SeriesInput } from "./sets.schema.ts";
import { takeSeats } from "./take-seats.ts";

export type SeriesWork = Work & { clinic: { zone: string } };

/** Looks at every date of a series before anything is written. */
export async function checkSeries(work: SeriesWork, input: SeriesInput): Promise<{ ok: boolean; dates: SeriesDate[] }> {
  const { zone } = work.clinic;
  const series = seriesOf(input, zone);
  const loaded = await inTenant(work, (db) => loadSeries(db, work.clinicId, series, startsOf(series, zone)));
  checkLength(loaded.service, input.minutes);
  const dates = evaluated(loaded, series.occurrences);
  return { ok: dates.every(({ result }) => result === "free"), dates };
}

type Booked = { setId: string; bookingIds: string[] };

/**
 * Books the dates that were chosen, all of them or none. A date that somebody has taken since refuses the whole with a
 * fresh look at every date (`slot_taken`, `dates`).
 */
export async function bookSeries(work: SeriesWork, input: SeriesBookInput) {
  const { zone } = work.clinic;
  const series = seriesOf(input, zone);
  const choices = chosen(series, input.choices, zone);
  const key = { key: input.key, inputHash: hashInput(work.s.env.secret, "staff.series.book", input) };
  const starts = choices.map(({ start }) => start.getTime());
  try {
    const booked = await untilUnchanged(async () => {
      // A key that was used before is answered as then, whatever has become of the service.
      const stored = await inTenant(work, (db) => findAnswer<Booked>(db, work.clinicId, key.key));
      const before = replay(stored, key.inputHash);
      if (before) return before;
      const { service } = await inTenant(work, (db) => loadSeries(db, work.clinicId, series, starts));
      checkLength(service, input.minutes);
      const resourceIds = queuesOf(service, [input.practitionerId]);
      return inBookingTx(work, { resourceIds, key }, async (tx, now): Promise<Booked> => {
        const loaded = await loadSeries(tx, work.clinicId, series, starts);
        // A room that the service needs only since then is not queued for.
        const queues = queuesOf(loaded.service, [input.practitionerId]);
        if (!queues.every((id) => resourceIds.includes(id))) throw new ChangedMeanwhile();
        return writeSeries(tx, work, { input, loaded, starts, now });
      });
    });
    const rows = await inTenant(work, (db) => findBookings(db, work.clinicId, booked.bookingIds));
    return {
      setId: booked.setId,
      bookings: rows.map(({ id, ref, startsAt }) => ({ bookingId: id, ref, start: startsAt })),
    };
  } catch (error) {
    if (error instanceof SlotTaken) throw await seriesTaken(work, series, choices);
    throw error;
  }
}

/** Everything about a series is written here, in one transaction; the first visit brings the patient. */
async function writeSeries(
  tx: TenantTx,
  work: Work,
  s: { input: SeriesBookInput; loaded: LoadedQuestion; starts: readonly number[]; now: number },
): Promise<Booked> {
  const { input, loaded, now } = s;
  const { service, question } = loaded;
  const offers = assignAll(question, s.starts);
  if (!offers) throw new SlotTaken();
  const minutes = input.minutes ?? service.minutes;
  const [setId, patientId] = [newId(), newId()];
  const visits: Visit[] = [];
  for (const { start, resources: ids } of offers) {
    const resources = occupiedBy(service, ids, minutes);
    const { practitionerId } = input;
    const seats = { service, practitionerId, start, minutes, resources, wanted: 1 };
    const [seat] = service.seats > 1 ? await takeSeats(tx, work, seats) : [];
    visits.push({
      bookingId: newId(),
      serviceId: service.id,
      practitionerId,
      start,
      minutes,
      resources,
      state: "confirmed",
      holdExpiresAt: null,
      patient: visits.length === 0 ? { new: guestOf(input), id: patientId } : { existing: patientId },
      bookedBy: "staff",
      setId,
      setKind: "series",
      seat,
    });
  }
  await writeVisits(tx, work, visits, now);
  return { setId, bookingIds: visits.map(({ bookingId }) => bookingId) };
}

/** The choices in order of the clock; one that is none of the series' dates, or stands there twice, is refused. */
function chosen(
  { occurrences }: Series,
  choices: SeriesBookInput["choices"],
  zone: string,
): SeriesBookInput["choices"] {
  const dates = new Set(occurrences.map(({ date }) => date));
  const wrong = choices.findIndex(
    ({ date }, index) => !dates.has(date) || choices.findIndex((other) => other.date === date) !== index,
  );
  if (wrong >= 0) throw refuse("invalid", { fields: [{ path: `choices.${wrong}.date`, issue: "not a date of it" }] });
  const distance = (date: string, start: Date) => Math.abs(Date.parse(date) - Date.parse(dayOf(start.getTime(), zone)));
  const far = choices.findIndex(({ date, start }) => distance(date, start) > mostDaysAside * 86_400_000);
  if (far >= 0) throw refuse("invalid", { fields: [{ path: `choices.${far}.start`, issue: "too far from its date" }] });
  return [...choices].sort((a, b) => a.start.getTime() - b.start.getTime());
}

const mostDaysAside = 7;

/** The refusal after a lost race: what every time that was chosen looks like now. */
async function seriesTaken(work: SeriesWork, series: Series, choices: SeriesBookInput["choices"]) {
  const starts = choices.map(({ start }) => start.getTime());
  const loaded = await inTenant(work, (db) => loadSeries(db, work.clinicId, series, starts));
  const now = evaluated(
    loaded,
    starts.map((start) => occurrenceAt(start, work.clinic.zone)),
  );
  return refuse("slot_taken", { dates: now.map((looks, index) => ({ ...looks, date: choices[index]?.date })) });
}
