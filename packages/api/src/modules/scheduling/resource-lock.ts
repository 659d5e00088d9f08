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

/**
 * Sends several statements without waiting between them. Nothing promises in which order they reach the server, so this
 * is for reads that need nothing of each other; a lock is awaited before what it guards.
 */
export async function inOneFlight<T extends readonly unknown[]>(
  queries: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const results: PromiseSettledResult<unknown>[] = await Promise.allSettled<unknown>(
    queries as readonly Promise<unknown>[],
  );
  return results.map((result) => {
    // The first failure is the cause; the ones behind it only say that the transaction is aborted.
    if (result.status === "rejected") throw result.reason;
    return result.value;
  }) as unknown as T;
}
