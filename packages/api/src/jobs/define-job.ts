import { z } from "zod";
import type { EventType } from "../infra/outbox.ts";

/** All a job carries: which event, of which clinic. The rest is read back from the event's row. */
export const JobPayload = z.strictObject({ eventId: z.uuid(), clinicId: z.uuid() });
export type JobPayload = z.infer<typeof JobPayload>;

export type JobDefinition<Name extends string = string, Event extends z.ZodType = z.ZodType> = {
  /** The effect's name: `inbox.effect`, the second half of the BullMQ job id, and for notices `delivery.kind`. */
  name: Name;
  /** The event type that causes it, or several. */
  on: EventType | readonly EventType[];
  /** What the effect reads from the event's payload; other keys are left out. */
  payload: Event;
  /** How often an error may repeat before the job is dead. Outages do not count (see `retry.ts`). */
  attempts: number;
};

/** Declares one effect of one event type. A declaration imports no mailer and no template. */
export function defineJob<const Name extends string, Event extends z.ZodType>(
  job: JobDefinition<Name, Event>,
): JobDefinition<Name, Event> {
  // BullMQ splits job ids at ":".
  if (!/^[a-z_]+$/.test(job.name)) throw new Error(`Job name "${job.name}" may hold only a-z and _`);
  return job;
}
