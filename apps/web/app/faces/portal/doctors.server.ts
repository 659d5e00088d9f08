import type { Caller } from "../../lib/trpc.server.ts";
import { type DoctorDay, doctorDay } from "./open-hours.ts";

/** The clinic's doctors with their day: hours that hold on it, leave, closures. */
export async function doctorsOn(
  staff: Caller["staff"],
  date: string,
): Promise<(DoctorDay & { id: string; name: string })[]> {
  const [practitioners, calendar] = await Promise.all([
    staff.practitioners.list(),
    staff.times.calendar({ from: date, days: 1 }),
  ]);
  return practitioners
    .filter(({ active }) => active)
    .map(({ id, name }) => ({ id, name, ...doctorDay(calendar, id, date) }));
}
