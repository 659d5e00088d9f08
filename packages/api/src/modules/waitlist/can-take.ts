import type { TenantTx } from "@pulsecal/db";
import type { Work } from "../../infra/in-tx.ts";
import { type Assignment, assignmentAt, loadQuestion, type LoadedQuestion } from "../scheduling/index.ts";
import type { StoredGap } from "./gaps.repo.ts";

/** A visit in a gap; `seats`: how many the sessions of its service have, 1 where it has none. */
export type GapVisit = Assignment & { seats: number };

/** Whether a gap's time can be had, by the same rules that offer times to everybody; read once per service. */
export type TimeCheck = {
  /** what a visit of the service would occupy, or null when the rules do not allow it at this time */
  assignment(serviceId: string): Promise<GapVisit | null>;
  /** whether staff could still give it to somebody: neither notice nor horizon bind them */
  byStaff(serviceId: string): Promise<boolean>;
  /** the clinic's zone; null while the clinic takes no bookings */
  zone(): Promise<string | null>;
  /** whether somebody has the practitioner's time, or every seat of it */
  isTaken(): Promise<boolean>;
};

/**
 * A gap stands where a booking stood, so it need not lie on the grid of another service; every other rule holds: notice
 * and horizon too, for staff's own choices only what cannot be overruled (`unbound`). A seat is one of the session that
 * stands there, or of a new one where sessions begin.
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
  const assign = async (serviceId: string, by: { unbound: boolean }) => {
    const loaded = await load(serviceId);
    if (!loaded) return null;
    const { seats } = loaded.service;
    const wanted = { who: gap.practitionerId, anyMinute: seats === 1, ...by };
    const assignment = assignmentAt(loaded.availability, loaded.service, start, wanted);
    return assignment && (seats > 1 || assignment.sessionId === null) ? { ...assignment, seats } : null;
  };
  return {
    assignment: (serviceId) => assign(serviceId, { unbound }),
    byStaff: async (serviceId) => (await assign(serviceId, { unbound: true })) !== null,
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
            AND (o.state = 'booked' OR (o.state = 'held' AND o.hold_expires_at > clock_timestamp()))
            -- a session with seats left is nobody's alone
            AND NOT EXISTS (SELECT FROM app.group_session s
              WHERE s.clinic_id = o.clinic_id AND s.id = o.session_id AND s.taken < s.capacity)) AS "taken"`;
      return rows[0]?.taken ?? false;
    },
  };
}
