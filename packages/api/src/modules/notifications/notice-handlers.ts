import type { EventOf, Handlers } from "../../jobs/catalog.ts";
import { planClinicApproved, planVerifyEmail } from "./account-notices.ts";
import type { NoticePlan, NoticeServices } from "./notice.ts";
import { sendNotice } from "./send-notice.ts";
import { planVisitNotice } from "./visit-notices.ts";
import type { VisitNotice } from "./visit-words.ts";
import { planWaitlistJoined, planWaitlistOffer } from "./waitlist-notices.ts";

type NoticeKind = VisitNotice | "waitlist_joined" | "waitlist_offer" | "verify_email" | "clinic_approved";
type Bag = NoticeServices & { now(): Date };

/** One handler per notice. Each plans from the database as it is now and sends at most once. */
export const noticeHandlers: Pick<Handlers<Bag>, NoticeKind> = {
  confirmation: ofVisit("confirmation"),
  cancellation: ofVisit("cancellation"),
  reminder: ofVisit("reminder"),
  requested: ofVisit("requested"),
  declined: ofVisit("declined"),
  moved: ofVisit("moved"),
  moved_by_clinic: ofVisit("moved_by_clinic"),
  waitlist_joined: (n, event) => send(n, event, "waitlist_joined", planWaitlistJoined(n, event)),
  waitlist_offer: (n, event) => send(n, event, "waitlist_offer", planWaitlistOffer(n, event, n.now())),
  verify_email: (n, event) => send(n, event, "verify_email", planVerifyEmail(n, event)),
  clinic_approved: (n, event) => send(n, event, "clinic_approved", planClinicApproved(n, event)),
};

function ofVisit(kind: VisitNotice) {
  return (n: Bag, event: EventOf<VisitNotice>) => send(n, event, kind, planVisitNotice(n, event, kind, n.now()));
}

async function send(n: Bag, event: { id: string; clinicId: string }, kind: NoticeKind, plan: Promise<NoticePlan>) {
  return sendNotice(n, { clinicId: event.clinicId, eventId: event.id, kind }, await plan);
}
