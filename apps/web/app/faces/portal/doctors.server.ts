import type { Caller } from "../../lib/trpc.server.ts";
import { openStretches } from "./open-hours.ts";

/** The clinic's doctors with the hours they work on a date. */
export async function doctorsOn(staff: Caller["staff"], date: string) {
  const practitioners = await staff.practitioners.list();
  return Promise.all(
    practitioners.map(async ({ id, name, active }) => {
      const hours = await staff.hours.get({ practitionerId: id });
      return { id, name, active, open: openStretches(hours, date) };
    }),
  );
}
