import type { TenantTx } from "@pulsecal/db";

/** Joins the queue for a clinic's resources, as bookings do (app.queue_for of the migrations), until the transaction ends. */
export async function lockResources(tx: TenantTx, clinicId: string, resourceIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT app.queue_for(${clinicId}::uuid, ${[...resourceIds]}::uuid[])::text AS queued`;
}

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
