import type { Ctx } from "../../trpc/context.ts";
import { findLiveClinics } from "./clinic.repo.ts";

/** Clinics that take bookings, for the apex's search. */
export async function findClinics(ctx: Ctx, input: { q?: string } = {}): Promise<{ slug: string; name: string }[]> {
  await ctx.s.limits.take(["searchAddress", ctx.ip]);
  // % and _ are wildcards of LIKE; nobody looks for them.
  const words = (input.q ?? "").replace(/[%_\\]/g, " ").trim();
  return ctx.s.db.withAuth((tx) => findLiveClinics(tx, words, 50));
}
