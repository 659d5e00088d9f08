import { type Rules } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import type { Availability } from "./availability.ts";
import { loadAvailability } from "./availability.repo.ts";
import { tidy } from "./hours.ts";
import type { HoursPreviewInput } from "./scheduling.schema.ts";
import { byDay, type DayOfTimes, offeredTimes, spanOfDays } from "./times.ts";

const days = 7;

/** How a week would look with new hours, beside how it looks now, for the first service of the practitioner. */
export async function previewHours(work: Work & { clinic: { zone: string } }, input: HoursPreviewInput) {
  const { practitionerId } = input;
  const window = spanOfDays(input.from, days, work.clinic.zone);
  const asked = { clinicId: work.clinicId, serviceId: null, practitionerId, window, everyone: true };
  const a = await inTenant(work, (db) => loadAvailability(db, asked));
  const person = a?.practitioners[0];
  if (!a || !person) throw refuse("not_found");
  const { timetables = person.rules.timetables ?? [] } = input;
  const rules: Rules = tidy({ ...input, timetables });
  const was = daysOf(a, input.from);
  return daysOf({ ...a, practitioners: [{ ...person, rules }] }, input.from).map(({ date, times }, index) => ({
    date,
    count: times.length,
    was: was[index]?.times.length ?? 0,
    times: times.map((time) => new Date(time.start).toISOString()),
  }));
}

/** Without a service there is nothing to offer; notice and horizon are left out, or a week further ahead would look closed. */
function daysOf(a: Availability, from: string): DayOfTimes[] {
  const { zone } = a.clinic;
  const service = a.services.find(({ practitionerIds }) => practitionerIds.length > 0);
  const times = service ? offeredTimes(a, service, spanOfDays(from, days, zone), { unbound: true }) : [];
  return byDay(times, from, days, zone);
}
