import { inTenant, type Work } from "../../infra/in-tx.ts";
import { hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import { watchChanges } from "../booking/index.ts";
import { findLinked } from "./entries.repo.ts";

/** Changes of the place on the waitlist a link opens: an offer, its end, what became of it. */
export async function* watchEntry(
  work: Work,
  { token, lastEventId }: { token: string; lastEventId?: string | undefined },
  signal: AbortSignal,
): ReturnType<typeof watchChanges> {
  const entry = await inTenant(work, (db) => findLinked(db, work.clinicId, { tokenHash: hashToken(token) }));
  if (!entry) throw refuse("not_found");
  yield* watchChanges(work, { concerns: ({ entryId }) => entryId === entry.id, lastEventId }, signal);
}
