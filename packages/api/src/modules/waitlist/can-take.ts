import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { type Assignment, assignmentAt, loadQuestion, type LoadedQuestion } from "../scheduling/index.ts";
import type { StoredGap } from "./gaps.repo.ts";

/** Whether a gap's time can be had, by the same rules that offer times to everybody; read once per service. */
export type TimeCheck = {
  /** what a visit of the service would occupy, or null when the rules do not allow it at this time */
  assignment(serviceId: string): Promise<Assignment | null>;
  /** the clinic's zone; null while the clinic takes no bookings */
  zone(): Promise<string | null>;
  /** whether somebody has the practitioner's time */
  isTaken(): Promise<boolean>;
};

/**
 * A gap stands where a booking stood, so it need not lie on the grid of another service; every other rule holds: notice
 * and horizon too, for staff's own choices only what cannot be overruled (`unbound`).
 */
export function canTake(tx: TenantTx, work: Work, gap: StoredGap, unbound = false): TimeCheck {
  const { clinicId } = work;
  const start = gap.startsAt.getTime();
  const known = new Map<string, Promise<LoadedQuestion | null>>();
  const load = (serviceId: string) => {
    const before = known.get(serviceId);
    if (before) return before;
    const window = { from: start, to: start + 1 };
    const loaded = loadQuestion(tx, { clinicId, serviceId, who: gap.practitionerId, window, anyMinute: true, unbound });
    known.set(serviceId, loaded);
    return loaded;
  };
  return {
    async assignment(serviceId) {
      const loaded = await load(serviceId);
      if (!loaded) return null;
      const wanted = { who: gap.practitionerId, anyMinute: true, unbound };
      const assignment = assignmentAt(loaded.availability, loaded.service, start, wanted);
      return assignment?.sessionId === null ? assignment : null;
    },
    async zone() {
      const rows = await tx.$queryRaw<{ zone: string }[]>`
        SELECT zone FROM platform.clinic WHERE id = ${clinicId}::uuid AND status = 'live'`;
      return rows[0]?.zone ?? null;
    },
    async isTaken() {
      const rows = await tx.$queryRaw<{ taken: boolean }[]>`
        SELECT EXISTS (SELECT FROM app.occupancy o
          WHERE o.clinic_id = ${clinicId}::uuid AND o.resource_id = ${gap.practitionerId}::uuid
            AND o.blocked_from > ${gap.startsAt.toISOString()}::timestamptz - interval '1 day'
            AND o.blocked_from <= ${gap.startsAt.toISOString()}::timestamptz
            AND o.blocked_to > ${gap.startsAt.toISOString()}::timestamptz
            AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp()))) AS "taken"`;
      return rows[0]?.taken ?? false;
    },
  };
}
