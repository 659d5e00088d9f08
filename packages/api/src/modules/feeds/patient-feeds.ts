import { newId, type TenantDb } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import { changeFeedsOnce, tellOfFeed } from "./change-feeds.ts";
import { feedAddress, feedHash } from "./feed-address.ts";
import { endFeeds, patientFeed, patientOnLink, putFeed } from "./feeds.repo.ts";
import type { PatientFeedChange } from "./feeds.schema.ts";

type LinkWork = Work & { clinic: { slug: string } };
type PatientFeed = { address: string | null };

/** The address under which a patient's visits can be read, if they have one. */
export async function getPatientFeed(work: LinkWork, token: string): Promise<PatientFeed> {
  const feedId = await inTenant(work, async (db) =>
    patientFeed(db, work.clinicId, await holderOf(db, work.clinicId, token)),
  );
  return { address: feedId === null ? null : feedAddress(work, work.clinic.slug, feedId) };
}

/** Gives the holder of a booking's link an address of their calendar; one they have already stays the one. */
export async function createPatientFeed(work: LinkWork, input: PatientFeedChange): Promise<PatientFeed> {
  await changeFeedsOnce(work, "patient.feeds.create", input, async (tx) => {
    const patientId = await holderOf(tx, work.clinicId, input.token);
    if ((await patientFeed(tx, work.clinicId, patientId)) !== null) return;
    const id = newId();
    await putFeed(tx, work.clinicId, { id, tokenHash: feedHash(work, id), createdBy: null, patientId });
    await tellOfFeed(tx, work, "calendar.created", id);
  });
  return getPatientFeed(work, input.token);
}

/** Ends a patient's address; a new one will be another. */
export async function revokePatientFeed(work: LinkWork, input: PatientFeedChange): Promise<PatientFeed> {
  await changeFeedsOnce(work, "patient.feeds.revoke", input, async (tx) => {
    const patientId = await holderOf(tx, work.clinicId, input.token);
    const ended = await endFeeds(tx, work.clinicId, { patientId });
    for (const id of ended) await tellOfFeed(tx, work, "calendar.revoked", id);
  });
  return getPatientFeed(work, input.token);
}

/** A time held for nobody has no calendar: like an unknown link, it is not found. */
async function holderOf(db: Pick<TenantDb, "$queryRaw">, clinicId: string, token: string): Promise<string> {
  const patientId = await patientOnLink(db, clinicId, hashToken(token));
  if (patientId === null) throw refuse("not_found");
  return patientId;
}
