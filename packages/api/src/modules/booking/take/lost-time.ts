import type { Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { type MissedTime, nearestTimes } from "../times/nearest-times.ts";
import { NotOffered, SlotTaken } from "../slot-taken.ts";

/**
 * Runs what takes a time; whoever loses it is told the nearest free ones in the same answer, read anew after the
 * transaction that lost. `detail` goes along, as `kept: true` for a booking that stays where it was.
 */
export async function orAlternatives<T>(
  work: Work,
  missed: MissedTime,
  run: () => Promise<T>,
  detail: Record<string, unknown> = {},
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SlotTaken) {
      throw refuse("slot_taken", { ...detail, alternatives: await nearestTimes(work, missed) });
    }
    if (error instanceof NotOffered) {
      // Which rule it was is for staff: patients are not told of somebody's leave.
      const why = missed.unbound ? { why: error.why } : {};
      throw refuse("not_offered", { ...detail, ...why, alternatives: await nearestTimes(work, missed) });
    }
    throw error;
  }
}
