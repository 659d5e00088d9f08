import { isUniqueViolation, newId, type TenantDb, type TenantTx } from "@pulsecal/db";
import { sign } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";

/** What a key was first used for. Answers hold ids and times only; screens are rebuilt from the rows. */
export type StoredAnswer<T> = { inputHash: string; answer: T };

/**
 * A short name for an input: the same whatever the order of its fields. Keyed, since it covers what a patient tells: a
 * bare hash of a phone number is found again by trying them all.
 */
export function hashInput(secret: string, procedure: string, input: Record<string, unknown>): string {
  const { key: _, ...rest } = input;
  return sign(secret, "input", procedure, canonical(rest));
}

function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
    .join(",")}}`;
}

/** The stored answer of a key; null when the clinic has not seen it. */
export async function findAnswer<T>(
  db: Pick<TenantDb, "$queryRaw">,
  clinicId: string,
  key: string,
): Promise<StoredAnswer<T> | null> {
  const rows = await db.$queryRaw<StoredAnswer<T>[]>`
    SELECT input_hash AS "inputHash", answer FROM app.idempotency WHERE clinic_id = ${clinicId}::uuid AND key = ${key}::text`;
  return rows[0] ?? null;
}

/** The first answer, when the key was used for the same thing; a refusal when it was used for another. */
export function replay<T>(stored: StoredAnswer<T> | null, inputHash: string): T | null {
  if (stored === null) return null;
  if (stored.inputHash !== inputHash) throw refuse("key_reused");
  return stored.answer;
}

/** Keeps an answer in the caller's transaction. */
export async function storeAnswer(
  tx: TenantTx,
  clinicId: string,
  a: { key: string; inputHash: string; answer: unknown },
): Promise<void> {
  await tx.$queryRaw`
    INSERT INTO app.idempotency (clinic_id, id, key, input_hash, answer)
    VALUES (${clinicId}::uuid, ${newId()}::uuid, ${a.key}::text, ${a.inputHash}::text, ${JSON.stringify(a.answer)}::jsonb)`;
}

/**
 * Two requests with one key at the same moment, on different resources: the second meets the first one's row in the
 * unique key, and finds the stored answer when it runs again.
 */
export async function onceMoreOnKeyRace<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isUniqueViolation(error, "idempotency")) throw error;
    return run();
  }
}
