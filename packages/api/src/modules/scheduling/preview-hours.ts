import { addDays, type Busy, type Limits, type Rules } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { toLimits } from "./availability-rows.ts";
import type { Availability, OfferedService } from "./availability.ts";
import { loadAvailability } from "./availability.repo.ts";
import { findHours } from "./hours.repo.ts";
import { tidy } from "./hours.ts";
import { leftOutside } from "./left-outside.ts";
import { inOneFlight } from "./resource-lock.ts";
import { roomRules } from "./room-rules.ts";
import type { HoursPreviewInput } from "./scheduling.schema.ts";
import type { RoomHoursPreviewInput } from "./setup.schema.ts";
import { byDay, type DayOfTimes, offeredTimes, spanOfDays } from "./times.ts";

type ClinicWork = Work & { clinic: { zone: string } };

const days = 7;
/** A week's limit counts from its Monday to its Sunday, wherever in it the preview begins. */
const daysAround = 7;

/** How a week would look with new hours, beside how it looks now, for the first service of the practitioner. */
export async function previewHours(work: ClinicWork, input: HoursPreviewInput) {
  const { practitionerId } = input;
  const a = await inTenant(work, (db) => loadAvailability(db, asked(work, input.from, practitionerId)));
  const person = a?.practitioners[0];
  if (!a || !person) throw refuse("not_found");
  const { timetables = person.rules.timetables ?? [] } = input;
  const rules: Rules = tidy({ ...input, timetables });
  const limits = input.limits ? limitsOf(input.limits) : person.limits;
  const service = a.services.find(({ practitionerIds }) => practitionerIds.length > 0);
  const then = { ...a, practitioners: [{ ...person, rules, limits }] };
  return sideBySide(a, then, { service, from: input.from, before: person.rules, after: rules, busy: person.busy });
}

/** The same for a room or a device, for the first service that needs it, whoever gives it. */
export async function previewRoomHours(work: ClinicWork, { roomId, from, ...input }: RoomHoursPreviewInput) {
  const [stored, a] = await inTenant(work, (db) =>
    inOneFlight([
      findHours(db, work.clinicId, { whose: "room", id: roomId }),
      loadAvailability(db, asked(work, from, null)),
    ]),
  );
  if (!stored || !a) throw refuse("not_found");
  const { timetables } = tidy({ ...input, timetables: input.timetables ?? stored.timetables });
  const rules = roomRules({ ...tidy(input), timetables }, a.holidays);
  const service = a.services.find(({ needs }) => needs.some(({ of }) => of.includes(roomId)));
  const { rules: before = null, busy = [] } = a.resources.find(({ id }) => id === roomId) ?? {};
  const then = { ...a, resources: a.resources.map((one) => (one.id === roomId ? { ...one, rules } : one)) };
  return sideBySide(a, then, { service, from, before, after: rules, busy });
}

function asked({ clinicId, clinic }: ClinicWork, from: string, practitionerId: string | null) {
  const window = spanOfDays(addDays(from, -daysAround), days + 2 * daysAround, clinic.zone);
  return { clinicId, serviceId: null, practitionerId, window, everyone: true };
}

type Asked = { service: OfferedService | undefined; from: string };
type Changed = { before: Rules | null; after: Rules | null; busy: readonly Busy[] };

function sideBySide(now: Availability, then: Availability, { service, from, ...changed }: Asked & Changed) {
  const asked = { service, from };
  const was = daysOf(now, asked);
  const outside = leftOutside({ ...changed, zone: now.clinic.zone, holidays: now.holidays }, from, days);
  return daysOf(then, asked).map(({ date, times }, index) => ({
    date,
    count: times.length,
    was: was[index]?.times.length ?? 0,
    outside: outside[index] ?? 0,
    times: times.map((time) => new Date(time.start).toISOString()),
  }));
}

/** Without a service there is nothing to offer; notice and horizon are left out, or a week further ahead would look closed. */
function daysOf(a: Availability, { service, from }: Asked): DayOfTimes[] {
  const { zone } = a.clinic;
  const times = service ? offeredTimes(a, service, spanOfDays(from, days, zone), { unbound: true }) : [];
  return byDay(times, from, days, zone);
}

function limitsOf({ dayCount, dayMinutes, weekCount, weekMinutes }: NonNullable<HoursPreviewInput["limits"]>): Limits {
  return toLimits([dayCount, dayMinutes, weekCount, weekMinutes]);
}
