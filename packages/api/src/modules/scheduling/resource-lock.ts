import type { TenantTx } from "@pulsecal/db";

/** Takes the queue for a clinic's resources; the constraint is the proof, this is what keeps racers from dying in it. */
export type LockResources = (tx: TenantTx, clinicId: string, resourceIds: readonly string[]) => Promise<void>;

/**
 * One advisory lock per resource until the transaction ends, always taken in the order of the lock's own key,
 * so two transactions that want the same resources can wait for each other but never in a circle.
 */
export const lockResources: LockResources = async (tx, clinicId, resourceIds) => {
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(k.key)::text AS locked
    FROM (SELECT DISTINCT hashtextextended(${clinicId}::uuid::text || ':' || r::text, 0) AS key
      FROM unnest(${[...resourceIds]}::uuid[]) AS r ORDER BY 1) AS k`;
};

/** Sends several statements of one transaction without waiting between them; the server runs them in this order. */
export async function inOneFlight<T extends readonly unknown[]>(queries: readonly [...{ [K in keyof T]: PromiseLike<T[K]> }]): Promise<T> {
  const results = await Promise.allSettled(queries);
  // The first failure is the cause; the ones behind it only say that the transaction is aborted.
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return results.map((result) => (result.status === "fulfilled" ? result.value : undefined)) as unknown as T;
}
