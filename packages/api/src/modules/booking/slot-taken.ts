import type { BlockReason } from "@pulsecal/core";

/** A rule that stands in the way, or that the practitioner does not give the service. */
export type WhyNot = BlockReason | "not_given";

/** Somebody else has the time: found under the lock, or said by the constraint. Answered with fresh alternatives. */
export class SlotTaken extends Error {
  constructor() {
    super("slot_taken");
    this.name = "SlotTaken";
  }
}

/** The clinic's rules do not offer the time, whoever came. Answered with fresh alternatives too. */
export class NotOffered extends Error {
  readonly why: readonly WhyNot[];
  constructor(why: readonly WhyNot[]) {
    super("not_offered");
    this.name = "NotOffered";
    this.why = why;
  }
}

/** What was read before the queue is not so any more; the use case reads and decides again. */
export class ChangedMeanwhile extends Error {
  constructor() {
    super("changed_meanwhile");
    this.name = "ChangedMeanwhile";
  }
}
