import { z } from "zod";
import type { EventType } from "../infra/outbox.ts";
import {
  cancellationJob,
  clinicApprovedJob,
  confirmationJob,
  declinedJob,
  movedByClinicJob,
  movedJob,
  reminderJob,
  requestedJob,
  verifyEmailJob,
  waitlistJoinedJob,
  waitlistOfferJob,
} from "../modules/notifications/notifications.jobs.ts";
import { openGapJob, openSpanJob, waitlistMatchJob, waitlistTurnJob } from "../modules/waitlist/waitlist.jobs.ts";
import { defineJob } from "./define-job.ts";

const expireHoldJob = defineJob({
  name: "expire_hold",
  on: "booking.hold_due",
  payload: z.object({ bookingId: z.uuid() }),
  attempts: 8,
});

/** Every effect the worker can have. `apps/worker/src/handlers.ts` must name a handler for each, or it does not compile. */
export const jobs = {
  confirmation: confirmationJob,
  cancellation: cancellationJob,
  reminder: reminderJob,
  requested: requestedJob,
  declined: declinedJob,
  moved: movedJob,
  moved_by_clinic: movedByClinicJob,
  waitlist_joined: waitlistJoinedJob,
  waitlist_offer: waitlistOfferJob,
  verify_email: verifyEmailJob,
  clinic_approved: clinicApprovedJob,
  expire_hold: expireHoldJob,
  open_gap: openGapJob,
  open_span: openSpanJob,
  waitlist_turn: waitlistTurnJob,
  waitlist_match: waitlistMatchJob,
};

type Jobs = typeof jobs;
export type JobName = keyof Jobs;

/** The event as the database holds it; a handler trusts this, never the job's own claim. */
export type EventOf<Name extends JobName> = {
  id: string;
  clinicId: string;
  type: string;
  payload: z.infer<Jobs[Name]["payload"]>;
};

/** The mapped type that ties handlers to the catalog. `W` is the bag of resources handlers get. */
export type Handlers<W> = { [Name in JobName]: (w: W, event: EventOf<Name>) => Promise<Outcome> };

/** What became of an effect, for the log: "sent", or why nothing had to be done. */
export type Outcome = { did: string };

const names = Object.keys(jobs) as JobName[]; // Object.keys widens to string

export const isJobName = (name: string): name is JobName => Object.hasOwn(jobs, name);

/** The effects an event type has; most have none. */
export function effectsOf(eventType: string): JobName[] {
  return names.filter((name) => causesOf(name).some((type) => type === eventType));
}

function causesOf(name: JobName): readonly EventType[] {
  return [jobs[name].on].flat();
}

/** All event types that have effects. */
export const typesWithEffects: string[] = [...new Set(names.flatMap(causesOf))];
