import { addDays, openWindows } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { loadAvailability } from "./availability.repo.ts";
import { findClosures } from "./closures.repo.ts";
import { publicHolidays } from "./holidays.ts";
import { findLeave } from "./leave.repo.ts";
import { inOneFlight } from "./resource-lock.ts";
import { spanOfDays } from "./times.ts";
import type { CalendarInput } from "./times.schema.ts";

/** What stands behind the bookings of some days: who is there when, leave, closures, public holidays. */
export async function staffCalendar(work: Work & { clinic: { zone: string } }, { from, days }: CalendarInput) {
  const { clinicId } = work;
  const { zone } = work.clinic;
  const window = spanOfDays(from, days, zone);
  const rules = { clinicId, serviceId: null, practitionerId: null, window, everyone: true };
  return inTenant(work, async (db) => {
    const [a, leave, closures] = await inOneFlight([
      loadAvailability(db, rules),
      findLeave(db, clinicId, window),
      findClosures(db, clinicId, window),
    ]);
    if (!a) throw refuse("not_found");
    const last = addDays(from, days);
    return {
      zone,
      practitioners: a.practitioners.map((person) => ({
        id: person.id,
        open: openWindows({ zone, rules: person.rules, holidays: a.holidays, window }).map((open) => ({
          from: new Date(open.from),
          to: new Date(open.to),
        })),
      })),
      leave: leave.map(({ startsAt, endsAt, ...one }) => ({ ...one, from: startsAt, to: endsAt })),
      closures: closures.map(({ startsAt, endsAt, ...one }) => ({ ...one, from: startsAt, to: endsAt })),
      holidays: publicHolidays(a.clinic.holidayCountry, Number(from.slice(0, 4)), Number(last.slice(0, 4))).filter(
        ({ date }) => date >= from && date < last,
      ),
    };
  });
}
