import { tracked, type TrackedEnvelope } from "@trpc/server";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import type { LiveEvent } from "../../../infra/live-bus.ts";
import { pointedBooking } from "../booking-on-link.ts";

/** That something has changed, and of what kind; what it is now, the page asks. */
export type Changed = { type: LiveEvent["type"] };

/**
 * The clinic's events that concern one link's holder, from the place their page was read at. Only the kind is told: the
 * page is read again by the same link, so nothing can be learnt here that it does not show.
 */
export async function* watchChanges(
  work: Work,
  about: { concerns: (payload: LiveEvent["payload"]) => boolean; lastEventId: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<TrackedEnvelope<Changed>, void, void> {
  const after = about.lastEventId ?? (await work.s.bus.cursor(work.clinicId));
  // A newcomer gets its place first and reads its page again from there: nothing falls between page and socket.
  if (about.lastEventId === undefined) yield tracked(after, { type: "resync" });
  for await (const { type, payload, cursor } of work.s.bus.subscribe(work.clinicId, after, signal)) {
    if (type === "resync" || about.concerns(payload)) yield tracked(cursor, { type });
  }
}

/** Changes of the booking a link opens, and of those that were made together with it. */
export async function* watchBooking(
  work: Work,
  { token, lastEventId }: { token: string; lastEventId?: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<TrackedEnvelope<Changed>, void, void> {
  const { id, setOthers } = await inTenant(work, (db) => pointedBooking(db, work.clinicId, { token }));
  const ids = new Set<unknown>([id, ...(setOthers ?? []).map((other) => other.id)]);
  yield* watchChanges(work, { concerns: ({ bookingId }) => ids.has(bookingId), lastEventId }, signal);
}
