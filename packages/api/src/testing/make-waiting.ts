import { randomUUID } from "node:crypto";
import type { MadeClinic, TestDatabase } from "@pulsecal/db/testing";
import { hashToken } from "../infra/tokens.ts";

/**
 * Somebody on a clinic's waitlist and a gap of its practitioner's time, which both bear one id, so that tests can name
 * them. With a booking of that id the gap is where the booking stands, and its time is offered to them.
 */
export async function makeWaiting(
  t: TestDatabase,
  { clinicId, serviceId, practitionerId }: MadeClinic,
  of: { id: string; token: string; start: Date; offered: boolean },
): Promise<void> {
  const patientId = randomUUID();
  const wishes = JSON.stringify({ practitionerIds: [], canCome: [], notBefore: null, notAfter: null });
  // No mail is sent to it: the bytes only say that there is an address.
  await t.admin(
    "INSERT INTO app.patient (clinic_id, id, name, email_sealed) VALUES ($1, $2, 'Neo', decode(repeat('00', 40), 'hex'))",
    [clinicId, patientId],
  );
  await t.admin(
    `INSERT INTO app.waitlist_entry (clinic_id, id, patient_id, service_id, wishes, token_hash)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [clinicId, of.id, patientId, serviceId, wishes, hashToken(of.token)],
  );
  await t.admin(
    `INSERT INTO app.waitlist_gap (clinic_id, id, resource_id, starts_at, ends_at)
     VALUES ($1, $2, $3, $4, $4::timestamptz + interval '20 minutes')`,
    [clinicId, of.id, practitionerId, of.start],
  );
  if (!of.offered) return;
  await t.admin(
    `INSERT INTO app.waitlist_offer (clinic_id, id, gap_id, entry_id, booking_id, expires_at, rank)
     VALUES ($1, gen_random_uuid(), $2, $2, $2, now() + interval '5 minutes', '{"by": "order", "passed": []}')`,
    [clinicId, of.id],
  );
}
