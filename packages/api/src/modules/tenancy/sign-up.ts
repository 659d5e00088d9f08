import { checkSlug } from "@pulsecal/core";
import { isUniqueViolation, newId } from "@pulsecal/db";
import { inTx } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { sameText, sign } from "../../infra/tokens.ts";
import type { Ctx } from "../../trpc/context.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { ensureAccount, hashPassword, lockAccount, passwordProblem, replacePassword } from "../identity/index.ts";
import { freeIdeas } from "./check-slug.ts";
import { findClinicBySlug } from "./clinic-by-slug.ts";
import { insertClinic } from "./clinic.repo.ts";
import type { SignUp } from "./tenancy.schema.ts";

/**
 * Makes a clinic that works at once, owned by the account behind the address. A known address gets the same answer in
 * the same time as a new one: its password stays, and only its mailbox learns what happened.
 */
export async function signUpClinic(ctx: Ctx, input: SignUp): Promise<{ slug: string }> {
  const { s } = ctx;
  await s.limits.take(["signUpAll", "all"], ["signUpAddress", ctx.ip]);
  const checked = checkSlug(input.slug);
  if (!checked.ok) throw refuse("slug_invalid", { why: checked.why });
  const problem = passwordProblem(input.password, [input.clinicName, input.name, input.email, checked.slug]);
  if (problem) throw refuse("password_weak", { why: problem });
  if (await answeredBefore(ctx, checked.slug, input)) return { slug: checked.slug };

  const passwordHash = await hashPassword(input.password);
  await s.db.withAuth((tx) => ensureAccount(tx, { id: newId(), email: input.email, name: input.name, passwordHash }));
  try {
    await makeUnderLock(ctx, checked.slug, input, passwordHash);
  } catch (error) {
    if (!isUniqueViolation(error, "slug")) throw error;
    // Somebody was faster; or it was this same request, sent twice.
    if (!(await answeredBefore(ctx, checked.slug, input))) throw await slugTaken(ctx, input);
  }
  return { slug: checked.slug };
}

/**
 * The account stays locked while the clinic is made in its own transaction, so that the password and the latest sign-up
 * of an unconfirmed address always belong together (see confirmEmail). Nothing in here may open the account door again:
 * with every connection of it held like this, all would wait for each other.
 */
function makeUnderLock(ctx: Ctx, slug: string, input: SignUp, passwordHash: string): Promise<void> {
  return ctx.s.db.withAuth(async (tx) => {
    const account = await lockAccount(tx, input.email);
    if (!account) throw refuse("unavailable");
    await createClinic(ctx, slug, input, account.id);
    // Changes nothing for a confirmed address; run for both, so both take the same time.
    await replacePassword(tx, account.id, input.name, passwordHash);
  });
}

async function createClinic(ctx: Ctx, slug: string, input: SignUp, ownerAccountId: string): Promise<void> {
  const clinicId = newId();
  const work = { s: ctx.s, clinicId, actor: ownerAccountId, role: "owner", requestId: ctx.requestId };
  const practitioner = {
    name: input.practitioner?.name ?? input.name,
    registrationNumber: input.practitioner?.registrationNumber ?? null,
  };
  await inTx(work, async (tx) => {
    await insertClinic(tx, { id: clinicId, slug, name: input.clinicName, ownerAccountId, practitioner });
    await ctx.s.vault.found(tx, clinicId);
    await tx.idempotency.create({
      data: { clinicId, id: newId(), key: input.key, inputHash: hashOf(ctx, input), answer: { slug } },
      select: { id: true },
    });
    await audit(tx, work, { action: "clinic.signed_up", entity: "clinic", entityId: clinicId, detail: { slug } });
    await announce(tx, { clinicId, type: "clinic.signed_up", payload: { slug } });
    await announce(tx, {
      clinicId,
      type: "account.verification_requested",
      payload: { accountId: ownerAccountId },
      live: false,
    });
  });
}

/** True when the clinic at this address was made by this very request; refuses when it belongs to another. */
async function answeredBefore(ctx: Ctx, slug: string, input: SignUp): Promise<boolean> {
  const clinic = await findClinicBySlug(ctx.s, slug);
  if (!clinic) return false;
  const stored = await ctx.s.db.withTenant({ clinicId: clinic.id, actor: "guest", requestId: ctx.requestId }, (db) =>
    db.idempotency.findUnique({
      where: { clinicId_key: { clinicId: clinic.id, key: input.key } },
      select: { inputHash: true },
    }),
  );
  if (stored && sameText(stored.inputHash, hashOf(ctx, input))) return true;
  throw await slugTaken(ctx, input);
}

async function slugTaken(ctx: Ctx, input: SignUp) {
  return refuse("slug_taken", { ideas: await freeIdeas(ctx.s.db, input.clinicName) });
}

/** Keyed, since it covers an address that could be guessed. The password is no part of what makes two requests one. */
function hashOf(ctx: Ctx, input: SignUp): string {
  const { password: _, key: __, ...rest } = input;
  return sign(ctx.s.env.secret, "sign-up", JSON.stringify(rest));
}
