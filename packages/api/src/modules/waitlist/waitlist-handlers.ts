import type { Work } from "../../infra/in-tx.ts";
import type { Services } from "../../infra/services.ts";
import type { Handlers } from "../../jobs/catalog.ts";
import { openSpan } from "./open-span.ts";
import { matchEntry, openGap, turnOf } from "./open-gap.ts";

type WaitlistJob = "open_gap" | "open_span" | "waitlist_turn" | "waitlist_match";

const workOf = (s: Services, clinicId: string): Work => ({ s, clinicId, actor: "system:waitlist" });

/** Gaps and turns. Each effect and its mark in the inbox are one transaction. */
export const waitlistHandlers: Pick<Handlers<{ s: Services }>, WaitlistJob> = {
  open_gap: ({ s }, event) => openGap(workOf(s, event.clinicId), event),
  open_span: ({ s }, event) => openSpan(workOf(s, event.clinicId), event),
  waitlist_turn: ({ s }, event) =>
    turnOf(workOf(s, event.clinicId), event.payload.gapId, { eventId: event.id, effect: "waitlist_turn" }),
  waitlist_match: ({ s }, event) => matchEntry(workOf(s, event.clinicId), event),
};
