import { newId } from "@pulsecal/db";
import { inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { bookingToken, hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { putPatients, sealContact } from "../records/index.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "../scheduling/index.ts";
import { findLinked, findWaitable, putEntry, type LinkedEntry, type Wishes } from "./entries.repo.ts";
import type { AddInput, EntryView, JoinInput } from "./waitlist.schema.ts";
import { waitlistToken } from "./waitlist-token.ts";

export type JoinOptions = {
  /** settles when the caller's budget allows the try; looked at before anything is written */
  admitted?: Promise<void> | undefined;
};

/** Puts a guest on the waitlist of a clinic that takes bookings. */
export async function joinWaitlist(
  work: Work & { clinic: { status: string } },
  input: JoinInput,
  { admitted }: JoinOptions = {},
): Promise<{ token: string }> {
  await admitted;
  if (work.clinic.status !== "live") throw refuse("not_bookable");
  const entryId = await addEntry(work, "waitlist.join", { ...input, urgency: 0 });
  return { token: waitlistToken(work.s.env.secret, work.clinicId, entryId) };
}

/** Puts somebody on the waitlist, with their contact sealed as a booking's; returns the entry's id. */
export async function addEntry(work: Work, procedure: string, input: AddInput): Promise<string> {
  const { clinicId } = work;
  const inputHash = hashInput(work.s.env.secret, procedure, input);
  const clinicKey = await work.s.vault.clinicKey(clinicId);
  const { name, email = null, phone = null } = input;
  const { row: patient } = sealContact(clinicKey, { name, email, phone });
  const id = newId();
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const before = replay(await findAnswer<{ entryId: string }>(tx, clinicId, input.key), inputHash);
      if (before) return before.entryId;
      const waitable = await findWaitable(tx, clinicId, input.serviceId);
      if (!waitable) throw refuse("not_found");
      if (input.who !== "any" && !waitable.practitionerIds.includes(input.who)) throw refuse("not_found");
      await putPatients(tx, clinicId, [patient]);
      await putEntry(tx, clinicId, {
        id,
        patientId: patient.id,
        serviceId: input.serviceId,
        urgency: input.urgency,
        wishes: wishesOf(input),
        tokenHash: hashToken(waitlistToken(work.s.env.secret, clinicId, id)),
      });
      await announce(tx, { clinicId, type: "waitlist.joined", payload: { entryId: id } });
      await audit(tx, work, {
        action: "waitlist.joined",
        entity: "waitlist_entry",
        entityId: id,
        detail: { urgency: input.urgency },
      });
      await storeAnswer(tx, clinicId, { key: input.key, inputHash, answer: { entryId: id } });
      return id;
    }),
  );
}

function wishesOf({ who, canCome, notBefore, notAfter }: AddInput): Wishes {
  const practitionerIds = who === "any" ? [] : [who];
  return { practitionerIds, canCome, notBefore: notBefore ?? null, notAfter: notAfter ?? null };
}

/** An entry as the holder of its link sees it. */
export async function entryOnLink(work: Work, token: string): Promise<EntryView> {
  const entry = await inTenant(work, (db) => findLinked(db, work.clinicId, { tokenHash: hashToken(token) }));
  if (!entry) throw refuse("not_found");
  return viewOf(work, entry);
}

function viewOf(work: Work, entry: LinkedEntry): EntryView {
  const { wishes, offerStart, offerEnd, offerPractitioner, offerExpiresAt, bookedId } = entry;
  const { canCome, notBefore, notAfter } = wishes;
  const offered = offerStart && offerEnd && offerPractitioner !== null && offerExpiresAt;
  return {
    state: entry.state,
    service: { id: entry.serviceId, name: entry.serviceName, minutes: entry.minutes },
    approval: entry.needsApproval,
    who: entry.who,
    canCome,
    notBefore,
    notAfter,
    since: entry.since,
    clinic: { name: entry.clinicName, zone: entry.zone, phone: entry.phone },
    offer: offered
      ? { start: offerStart, end: offerEnd, practitionerName: offerPractitioner, expiresAt: offerExpiresAt }
      : null,
    bookingToken: bookedId === null ? null : bookingToken(work.s.env.secret, work.clinicId, bookedId),
  };
}
