import type { WireClient } from "./flight.ts";
import type { RuntimeRole } from "./scope.ts";

/** How long the server may keep silent. */
export type Patience = {
  /** over a BEGIN with its context, a probe, a Sync: nothing that waits for anything */
  quickMs: number;
  /** over a statement: a little more than the role's statement_timeout, by which the server itself speaks up */
  statementMs: number;
};

export const patienceOf: Record<RuntimeRole, Patience> = {
  app_rt: { quickMs: 5_000, statementMs: 12_000 },
  auth_rt: { quickMs: 5_000, statementMs: 7_000 },
  relay_rt: { quickMs: 5_000, statementMs: 12_000 },
  platform_rt: { quickMs: 5_000, statementMs: 17_000 },
};

/**
 * Notices a connection whose far end has gone without a word (a router forgot it, the machine died): TCP would let it
 * hang for many minutes, with the request and the pool's place. Ends it, and holds its idle siblings suspect.
 */
export class Silence {
  readonly #lastHeard = new WeakMap<object, number>();
  #silentSince = Number.NEGATIVE_INFINITY;

  heard(client: object): void {
    this.#lastHeard.set(client, performance.now());
  }

  /** Whether nothing has been heard from it since another one was asked and never answered. */
  isSuspect(client: object): boolean {
    return (this.#lastHeard.get(client) ?? Number.NEGATIVE_INFINITY) <= this.#silentSince;
  }

  /** Runs until the returned function is called. */
  watch(client: WireClient, milliseconds: number): () => void {
    const asked = performance.now();
    const timer = setTimeout(() => {
      this.#silentSince = Math.max(this.#silentSince, asked);
      client.connection.stream.destroy(noAnswer());
    }, milliseconds);
    return () => {
      clearTimeout(timer);
      if (asked > this.#silentSince) this.heard(client);
    };
  }
}

/** In the shape of the server's errors, so that the adapter maps it like one: the connection failed. */
function noAnswer(): Error {
  return Object.assign(new Error("the database does not answer"), { code: "08006", severity: "ERROR" });
}
