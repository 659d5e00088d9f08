import { freeTimes, type Rules } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { tidy } from "./hours.ts";
import { findPreviewFacts } from "./preview.repo.ts";
import type { HoursPreviewInput } from "./scheduling.schema.ts";
import { byDay, spanOfDays } from "./times.ts";

const days = 7;

/** How a week would look with new hours, beside how it looks now, for the first service of the practitioner. */
export async function previewHours(work: Work & { clinic: { zone: string } }, input: HoursPreviewInput) {
  const { zone } = work.clinic;
  const window = spanOfDays(input.from, days, zone);
  const facts = await inTenant(work, (db) => findPreviewFacts(db, work.clinicId, input.practitionerId, window));
  if (!facts) throw refuse("not_found");
  const { service, now, busy, leave } = facts;
  const daysWith = (rules: Rules) => {
    // Without a service there is nothing to offer; notice and horizon are left out, or a week further ahead would look closed.
    const starts = service
      ? freeTimes({
          zone,
          now,
          window,
          service: { ...service, noticeMinutes: 0, horizonDays: 3660 },
          rules,
          busy,
          leave,
        })
      : [];
    return byDay(
      starts.map((start) => ({ start, practitionerId: input.practitionerId })),
      input.from,
      days,
      zone,
    );
  };
  const was = daysWith(facts.rules);
  return daysWith(tidy(input)).map(({ date, times }, index) => ({
    date,
    count: times.length,
    was: was[index]?.times.length ?? 0,
    times: times.map((time) => new Date(time.start).toISOString()),
  }));
}
