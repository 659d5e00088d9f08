import { can, type ClinicRole } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { changeFeedsOnce, tellOfFeed } from "./change-feeds.ts";
import { feedAddress, feedHash } from "./feed-address.ts";
import { endFeeds, putFeed, staffFeeds } from "./feeds.repo.ts";
import type { FeedCreateInput, FeedRevokeInput, StaffFeed } from "./feeds.schema.ts";

/** Work of a member of the clinic. */
type MemberWork = Work & { me: { accountId: string; role: ClinicRole }; clinic: { slug: string } };

/** Every practitioner's calendar, with the asking member's own address where they have one. */
export async function listFeeds(work: MemberWork): Promise<StaffFeed[]> {
  const rows = await inTenant(work, (db) => staffFeeds(db, work.clinicId, work.me.accountId));
  return rows.map(({ feedId, ...feed }) => ({
    ...feed,
    address: feedId === null ? null : feedAddress(work, work.clinic.slug, feedId),
  }));
}

/** Gives a member an address of a practitioner's calendar; one that they have already stays the one. */
export async function createFeed(work: MemberWork, input: FeedCreateInput): Promise<StaffFeed> {
  const { practitionerId } = input;
  await changeFeedsOnce(work, "feeds.create", input, async (tx) => {
    const { feedId } = await calendarOf(tx, work, practitionerId);
    if (feedId !== null) return;
    const id = newId();
    const tokenHash = feedHash(work, id);
    await putFeed(tx, work.clinicId, { id, tokenHash, createdBy: work.me.accountId, practitionerId });
    await tellOfFeed(tx, work, "calendar.created", id);
  });
  return feedOf(work, practitionerId);
}

/** Ends a member's own address, or everybody's; calendar programs get a 404 from then on. */
export async function revokeFeed(work: MemberWork, input: FeedRevokeInput): Promise<StaffFeed> {
  const { practitionerId, all } = input;
  if (all && !can(work.me.role, "clinic.write")) throw refuse("forbidden");
  await changeFeedsOnce(work, "feeds.revoke", input, async (tx) => {
    await calendarOf(tx, work, practitionerId);
    const ended = await endFeeds(tx, work.clinicId, { practitionerId }, all ? null : work.me.accountId);
    for (const id of ended) await tellOfFeed(tx, work, "calendar.revoked", id);
  });
  return feedOf(work, practitionerId);
}

/** The practitioner's calendar as it stands, or not_found, before anything is written. */
async function calendarOf(tx: TenantTx, work: MemberWork, practitionerId: string) {
  const feeds = await staffFeeds(tx, work.clinicId, work.me.accountId);
  const known = feeds.find((feed) => feed.practitionerId === practitionerId);
  if (!known) throw refuse("not_found");
  return known;
}

async function feedOf(work: MemberWork, practitionerId: string): Promise<StaffFeed> {
  const feed = (await listFeeds(work)).find((one) => one.practitionerId === practitionerId);
  if (!feed) throw refuse("not_found");
  return feed;
}
