import type { Guest } from "./wish.ts";

/** A resource a visit occupies: the practitioner, a room, a device. Minutes. */
export type VisitResource = {
  id: string;
  minutes: number;
  bufferBefore: number;
  bufferAfter: number;
  /** squeezed in over somebody else's time */
  over?: boolean;
};

/** Whom a visit is for: somebody the clinic has a record of, somebody new, or nobody yet (a hold). */
export type VisitPatient =
  | { existing: string; reason?: string | null }
  /** the id lets later visits of the same call be for this person */
  | { new: Guest; id?: string }
  | null;

/** One booking that was decided on, whole: nothing about it is decided when it is written. */
export type Visit = {
  bookingId: string;
  serviceId: string;
  practitionerId: string;
  /** epoch milliseconds */
  start: number;
  minutes: number;
  /** all it occupies, the practitioner among them */
  resources: readonly VisitResource[];
  state: "held" | "requested" | "confirmed";
  /** epoch milliseconds; null only for a confirmed one */
  holdExpiresAt: number | null;
  patient: VisitPatient;
  bookedBy: "patient" | "staff";
  setId?: string | undefined;
  setKind?: "family" | "series" | undefined;
  /** booked over the rules: why, and by which account */
  squeeze?: { reason: string; by: string } | undefined;
  /** a place in a group session: the session occupies the resources, not the booking */
  seat?: { sessionId: string; seatNo: number } | undefined;
  /** the browser's mark it is held under, as a hash */
  holder?: Uint8Array | null | undefined;
};

const minuteMs = 60_000;

/** How long a time is kept for someone who is still typing. */
export const holdMs = 10 * minuteMs;

/** What one of its resources is blocked for, buffers included (epoch milliseconds). */
export function blockedBy(start: number, resource: Omit<VisitResource, "id">): { from: number; to: number } {
  return {
    from: start - resource.bufferBefore * minuteMs,
    to: start + (resource.minutes + resource.bufferAfter) * minuteMs,
  };
}

/** What all of them are blocked for together. */
export function blockedByAll(start: number, resources: readonly VisitResource[]): { from: number; to: number } {
  const spans = resources.map((resource) => blockedBy(start, resource));
  return { from: Math.min(...spans.map((span) => span.from)), to: Math.max(...spans.map((span) => span.to)) };
}
