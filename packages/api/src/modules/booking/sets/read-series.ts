import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { loadStaffBookings } from "../desk/staff-booking.repo.ts";
import { bookingsOfSet } from "./set.repo.ts";
import type { SeriesDates } from "./sets.schema.ts";

/** Every booking of a series in order of the clock, whatever has become of it. A family is no series. */
export async function readSeries(work: Work, setId: string): Promise<SeriesDates> {
  const { clinicId } = work;
  return inTenant(work, async (db) => {
    const rows = await loadStaffBookings(db, clinicId, await bookingsOfSet(db, clinicId, setId));
    const series = rows.filter(({ setKind }) => setKind === "series");
    if (series.length === 0) throw refuse("not_found");
    return { bookings: series.map(({ id, start, end, state }) => ({ bookingId: id, start, end, state })) };
  });
}
