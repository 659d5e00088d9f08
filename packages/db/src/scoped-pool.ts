import pg from "pg";
import { type Answer, type Ask, fly, survives, type WireClient } from "./flight.ts";
import { type Patience, Silence, patienceOf } from "./silence.ts";
import { beginText, leadOf, type RuntimeRole, requireScope, type Scope } from "./scope.ts";

type Send = () => Promise<Answer>;

export type ScopedPoolOptions = {
  /** several statements under way at once on one connection; off sends one after the other */
  pipeline: boolean;
  /** prepared statements kept per connection */
  named: boolean;
  patience?: Patience;
};

/**
 * A pool in which every use starts with the context of the open scope, so neither Prisma nor a forgotten filter can
 * reach a row outside it. Handed to `@prisma/adapter-pg`, which only calls `query` and `connect`.
 *
 * - A single query is one flight and one transaction: context and query, sent together and answered together.
 * - A transaction sends BEGIN + context together with its first statement.
 * - A client that is not idle when it comes back is destroyed, never reused.
 *
 * Should BEGIN itself be cancelled by an administrator, the statement behind it would run without context: row security
 * then shows and takes nothing.
 */
export class ScopedPool extends pg.Pool {
  readonly #role: RuntimeRole;
  readonly #options: ScopedPoolOptions;
  readonly #silence = new Silence();
  readonly #patience: Patience;

  constructor(config: pg.PoolConfig, role: RuntimeRole, options: ScopedPoolOptions) {
    super({ ...config, pipeline: options.pipeline } as pg.PoolConfig);
    this.#role = role;
    this.#options = options;
    this.#patience = options.patience ?? patienceOf[role];
    // An idle client that loses its server is removed by the pool; the next use gets another one.
    this.on("error", () => undefined);
    this.on("connect", (client) => {
      // While it is in use the pool does not listen, and a lost connection without a listener would end the process;
      // whoever waits for its answer hears of it anyway.
      client.on("error", () => undefined);
      this.#silence.heard(client);
    });
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- one of pg's six overloads is used: the adapter's
  override async query(query: any): Promise<any> {
    const { begin } = requireScope(this.#role);
    const [silence, patience] = [this.#silence, this.#patience];
    const client = await this.#take();
    const trip = { lead: leadOf(begin), named: this.#options.named, silence, patience };
    const { error, answer, clean } = await fly(client, trip, query as Ask);
    const usable = error === null || (clean && (await survives(client, silence, patience)));
    client.release(!usable);
    if (error) throw error;
    return answer;
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- what the adapter needs of a PoolClient: query, release, on
  override async connect(): Promise<any> {
    const scope = requireScope(this.#role);
    const { quickMs, statementMs } = this.#patience;
    const given = Number(scope.begin.settings["statement_timeout"]) || 0;
    const patience = { quickMs, statementMs: Math.max(statementMs, given + quickMs) };
    const { pipeline } = this.#options;
    return new ScopedClient(await this.#take(), { scope, pipeline, silence: this.#silence, patience });
  }

  /** One query of the pool's own login outside any scope, for readiness; it sees no row of any clinic. */
  async probe(sql: string): Promise<pg.QueryResult> {
    const client = await this.#take();
    const stopWatch = this.#silence.watch(client, this.#patience.quickMs);
    try {
      return await client.query(sql);
    } finally {
      stopWatch();
      client.release(client.getTransactionStatus() !== "I");
    }
  }

  async #take(): Promise<WireClient> {
    for (;;) {
      const client = await this.#next();
      if (!this.#silence.isSuspect(client)) return client;
      client.release(true);
    }
  }

  async #next(): Promise<WireClient> {
    try {
      return (await super.connect()) as WireClient;
    } catch (error) {
      const full = error instanceof Error && error.message.startsWith("timeout exceeded");
      throw full ? driverError("53300", "no free connection in time") : error;
    }
  }
}

type Bound = { scope: Scope; pipeline: boolean; silence: Silence; patience: Patience };

/** One checked-out client bound to one scope; deferred BEGIN. */
class ScopedClient {
  readonly #client: WireClient;
  readonly #bound: Bound;
  #begun = false;
  #pending = 0;
  #broken = false;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #onError = (): void => {
    this.#broken = true;
  };

  constructor(client: WireClient, bound: Bound) {
    this.#client = client;
    this.#bound = bound;
    client.on("error", this.#onError);
  }

  /** The adapter's listener, beside ours. */
  on(event: "error", listener: (error: Error) => void): void {
    this.#client.on(event, listener);
  }

  removeListener(event: "error", listener: (error: Error) => void): void {
    this.#client.removeListener(event, listener);
  }

  /** A statement of a transaction. BEGIN waits for the first real one; an empty transaction sends nothing at all. */
  async query(query: Ask): Promise<Answer> {
    if (query.text === "BEGIN") return noRows("BEGIN");
    if (!this.#begun && (query.text === "COMMIT" || query.text === "ROLLBACK")) return noRows(query.text);
    const [answer] = await this.#together([() => this.#send(query)]);
    if (answer?.status === "rejected") throw answer.reason;
    const result = answer?.value as Answer;
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error: the work would be lost in silence.
    if (query.text === "COMMIT" && result.command === "ROLLBACK") {
      throw driverError("25P02", "the transaction had failed and was rolled back");
    }
    return result;
  }

  release(error?: Error | boolean): void {
    this.#client.removeListener("error", this.#onError);
    const dirty = this.#broken || this.#pending > 0 || this.#client.getTransactionStatus() !== "I";
    this.#client.release(error || dirty);
  }

  /** Sends BEGIN (when still owed) and the statements: all at once when pipelining, else one after the other. */
  async #together(statements: Send[]): Promise<PromiseSettledResult<Answer>[]> {
    const owed = this.#begun
      ? []
      : [() => this.#send(beginText(this.#bound.scope.begin), this.#bound.patience.quickMs)];
    this.#begun = true;
    const settled = await (this.#bound.pipeline
      ? this.#inOneWrite([...owed, ...statements])
      : this.#inTurn(owed, statements));
    const [begin, ...answers] = settled;
    if (owed.length === 0) return settled;
    if (begin?.status === "rejected") {
      this.#broken = true;
      throw begin.reason;
    }
    return answers;
  }

  /** The messages of a flight leave in one write to the socket: each write is a call into the kernel. */
  #inOneWrite(sends: Send[]): Promise<PromiseSettledResult<Answer>[]> {
    const { stream } = this.#client.connection;
    stream.cork();
    try {
      return allAtOnce(sends);
    } finally {
      stream.uncork();
    }
  }

  /** Without pipelining: after everything sent before on this client, and not at all behind a BEGIN that failed. */
  async #inTurn(owed: Send[], statements: Send[]): Promise<PromiseSettledResult<Answer>[]> {
    const turn = this.#turn.then(async () => {
      const begun = await oneByOne(owed);
      return begun.some(({ status }) => status === "rejected") ? begun : [...begun, ...(await oneByOne(statements))];
    });
    this.#turn = turn;
    return turn;
  }

  async #send(query: Ask | string, milliseconds = this.#bound.patience.statementMs): Promise<Answer> {
    this.#pending += 1;
    const stopWatch = this.#bound.silence.watch(this.#client, milliseconds);
    try {
      return (await this.#client.query(query as Ask)) as Answer;
    } finally {
      stopWatch();
      this.#pending -= 1;
    }
  }
}

function allAtOnce(sends: Send[]): Promise<PromiseSettledResult<Answer>[]> {
  return Promise.allSettled(sends.map((send) => send()));
}

async function oneByOne(sends: Send[]): Promise<PromiseSettledResult<Answer>[]> {
  const settled: PromiseSettledResult<Answer>[] = [];
  for (const send of sends) settled.push(...(await allAtOnce([send])));
  return settled;
}

function noRows(command: string): Answer {
  return { command, rowCount: 0, oid: 0, fields: [], rows: [] };
}

/** An error in the shape of the server's, so that the adapter maps it like one. */
function driverError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, severity: "ERROR" });
}
