import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { isBookingOf, loadQuestion, type Wanted } from "./question.ts";
import { inOneFlight } from "./resource-lock.ts";
import { byDay, offeredTimes, spanOfDays } from "./times.ts";
import type { FreeInput } from "./times.schema.ts";

/** The free times of some days as staff may book them: neither notice nor horizon binds them. */
export async function freeTimesForStaff(work: Work & { clinic: { zone: string } }, input: FreeInput) {
  const { clinicId } = work;
  const { zone } = work.clinic;
  const { serviceId, who, minutes, bookingId } = input;
  const wanted: Wanted = { minutes, without: bookingId, standing: bookingId !== undefined, unbound: true };
  return inTenant(work, async (db) => {
    const window = spanOfDays(input.from, input.days, zone);
    const [loaded, known] = await inOneFlight([
      loadQuestion(db, { clinicId, serviceId, who, window, ...wanted }),
      isBookingOf(db, clinicId, bookingId),
    ]);
    if (!loaded || !known) throw refuse("not_found");
    const times = offeredTimes(loaded.availability, loaded.service, window, wanted);
    return {
      zone,
      days: byDay(times, input.from, input.days, zone).map((day) => ({
        date: day.date,
        times: day.times.map((time) => ({ ...time, start: new Date(time.start) })),
      })),
    };
  });
}
