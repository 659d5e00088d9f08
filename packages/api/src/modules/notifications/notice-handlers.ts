import type { EventOf, Handlers } from "../../jobs/catalog.ts";
import { planClinicApproved, planVerifyEmail } from "./account-notices.ts";
import type { NoticeServices } from "./notice.ts";
import { sendNotice } from "./send-notice.ts";
import { planVisitNotice, type VisitNotice } from "./visit-notices.ts";

type NoticeKind = VisitNotice | "verify_email" | "clinic_approved";
type Bag = NoticeServices & { now(): Date };

/** One handler per notice. Each plans from the database as it is now and sends at most once. */
export const noticeHandlers: Pick<Handlers<Bag>, NoticeKind> = {
  confirmation: (n, event) => visit(n, event, "confirmation"),
  cancellation: (n, event) => visit(n, event, "cancellation"),
  reminder: (n, event) => visit(n, event, "reminder"),
  verify_email: async (n, event) => sendNotice(n, keyOf(event, "verify_email"), await planVerifyEmail(n, event)),
  clinic_approved: async (n, event) =>
    sendNotice(n, keyOf(event, "clinic_approved"), await planClinicApproved(n, event)),
};

const visit = async (n: Bag, event: EventOf<VisitNotice>, kind: VisitNotice) =>
  sendNotice(n, keyOf(event, kind), await planVisitNotice(n, event, kind, n.now()));

const keyOf = (event: { id: string; clinicId: string }, kind: NoticeKind) => ({
  clinicId: event.clinicId,
  eventId: event.id,
  kind,
});
