import type { PlatformCtx } from "../../trpc/context.ts";
import { clinicsWithVerifiedOwner, countAll, latestFeed, listClinics } from "./platform.repo.ts";
import type { Counts, FeedLine } from "./platform.repo.ts";
import type { ClinicLine } from "./platform.schema.ts";

/** What an admin sees first. The cursor is taken before the numbers, so live events fill in whatever comes between. */
export async function overview(
  ctx: PlatformCtx,
): Promise<Counts & { practice: number; feed: FeedLine[]; cursor: string }> {
  const cursor = await ctx.s.bus.platformCursor();
  return ctx.s.db.withPlatform(ctx.admin, "console overview", "platform.overview", async (tx) => {
    const counts = await countAll(tx);
    return { ...counts, practice: counts.waiting, feed: await latestFeed(tx), cursor };
  });
}

/** Clinics for the console, newest first. */
export async function clinicLines(ctx: PlatformCtx, status?: string): Promise<ClinicLine[]> {
  const clinics = await ctx.s.db.withPlatform(ctx.admin, "console list", "platform.clinics.list", (tx) =>
    listClinics(tx, status),
  );
  const verified = await ctx.s.db.withAuth((tx) =>
    clinicsWithVerifiedOwner(
      tx,
      clinics.map((clinic) => clinic.id),
    ),
  );
  return clinics.map((clinic) => ({ ...clinic, ownerVerified: verified.has(clinic.id) }));
}
