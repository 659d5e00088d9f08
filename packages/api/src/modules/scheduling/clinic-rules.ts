import { createHash } from "node:crypto";
import type { TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import type { Reads } from "./availability.repo.ts";
import { holidayCountries } from "./holidays.ts";
import { writeOnceFor } from "./keyed-write.ts";
import type { ClinicRules, ClinicRulesSaveInput } from "./setup.schema.ts";

type StoredRules = Pick<ClinicRules, "holidayCountry" | "shareBuffers" | "squeezeInCap" | "cancelUntilMinutes">;

/** The rules that hold for the whole clinic, with the version to save them under. */
export async function getClinicRules(work: Work): Promise<ClinicRules> {
  return withVersion(await inTenant(work, (db) => findClinicRules(db, work.clinicId)));
}

/** Changes them, unless somebody else did since they were read: who saves queues for the clinic as for a resource. */
export async function saveClinicRules(work: Work, input: ClinicRulesSaveInput): Promise<ClinicRules> {
  const { clinicId } = work;
  const { key: _, version, ...rules } = input;
  if (rules.holidayCountry !== null && !holidayCountries().some(({ code }) => code === rules.holidayCountry))
    throw refuse("invalid", { fields: [{ path: "holidayCountry", issue: "unknown country" }] });
  await writeOnceFor(work, "clinicRules.save", { input, lock: [clinicId] }, async (tx) => {
    const before = withVersion(await findClinicRules(tx, clinicId));
    if (before.version !== version) throw refuse("changed_meanwhile");
    await putClinicRules(tx, clinicId, rules);
    if (rules.shareBuffers && !before.shareBuffers) await setBuffersBeside(tx, clinicId);
    await announce(tx, { clinicId, type: "clinic.rules_changed", payload: {} });
    await audit(tx, work, {
      action: "clinic.rules_changed",
      entity: "clinic",
      entityId: clinicId,
      detail: { ...rules },
    });
    return { clinicId };
  });
  return getClinicRules(work);
}

async function findClinicRules(db: Reads, clinicId: string): Promise<StoredRules> {
  const rows = await db.$queryRaw<StoredRules[]>`
    SELECT f.holiday_country AS "holidayCountry", f.share_buffers AS "shareBuffers", f.squeeze_in_cap AS "squeezeInCap",
      f.cancel_until_minutes AS "cancelUntilMinutes"
    FROM app.clinic_profile f WHERE f.clinic_id = ${clinicId}::uuid AND f.id = ${clinicId}::uuid`;
  if (!rows[0]) throw refuse("not_found");
  return rows[0];
}

async function putClinicRules(tx: TenantTx, clinicId: string, r: StoredRules): Promise<void> {
  await tx.$executeRaw`
    UPDATE app.clinic_profile SET holiday_country = ${r.holidayCountry}::text, share_buffers = ${r.shareBuffers}::boolean,
      squeeze_in_cap = ${r.squeezeInCap}::int, cancel_until_minutes = ${r.cancelUntilMinutes}::int
    WHERE clinic_id = ${clinicId}::uuid AND id = ${clinicId}::uuid`;
}

/**
 * What is booked ahead shares its buffers too, or times would be offered that the constraint refuses. The other way round
 * nothing can be rewritten, since neighbours may stand in each other's buffers: those rows keep them beside the blocked
 * span, and every way of booking looks there.
 */
async function setBuffersBeside(tx: TenantTx, clinicId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE app.occupancy SET blocked_from = starts_at, blocked_to = ends_at,
      buffer_before = buffer_before + ceil(date_part('epoch', starts_at - blocked_from) / 60)::int,
      buffer_after = buffer_after + ceil(date_part('epoch', blocked_to - ends_at) / 60)::int
    WHERE clinic_id = ${clinicId}::uuid AND blocked_from > statement_timestamp() - interval '1 day' AND state <> 'released'
      AND (blocked_from < starts_at OR blocked_to > ends_at)`;
}

function withVersion(rules: StoredRules): ClinicRules {
  const { holidayCountry, shareBuffers, squeezeInCap, cancelUntilMinutes } = rules;
  const said = JSON.stringify([holidayCountry, shareBuffers, squeezeInCap, cancelUntilMinutes]);
  return {
    ...rules,
    version: createHash("sha256").update(said).digest("base64url").slice(0, 22),
    countries: holidayCountries(),
  };
}
