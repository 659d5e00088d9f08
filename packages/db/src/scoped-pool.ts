import pg from "pg";
import { type RuntimeRole, requireScope, type Scope } from "./scope.ts";

type Query = pg.QueryArrayConfig & { types?: pg.CustomTypesConfig };
type Answer = pg.QueryArrayResult;
type Send = () => Promise<Answer>;

/**
 * A pool in which every use starts with BEGIN and the context of the open scope, so neither Prisma nor a forgotten
 * filter can reach a row outside it. Handed to `@prisma/adapter-pg`, which only calls `query` and `connect`.
 *
 * - A single query is one flight: BEGIN + context, the query, COMMIT, sent together and answered together.
 * - A transaction sends BEGIN + context together with its first statement.
 * - A client that is not idle when it comes back is destroyed, never reused.
 *
 * Should BEGIN itself be cancelled by an administrator, the statement behind it would run without context: row security
 * then shows and takes nothing.
 */
export class ScopedPool extends pg.Pool {
  readonly #role: RuntimeRole;
  readonly #pipeline: boolean;

  constructor(config: pg.PoolConfig, role: RuntimeRole, pipeline: boolean) {
    super({ ...config, pipeline } as pg.PoolConfig);
    this.#role = role;
    this.#pipeline = pipeline;
    // An idle client that loses its server is removed by the pool; the next use gets another one.
    this.on("error", () => undefined);
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- one of pg's six overloads is used: the adapter's
  override async query(query: any): Promise<any> {
    const scope = requireScope(this.#role);
    const client = new ScopedClient(await this.#take(), scope, this.#pipeline);
    try {
      return await client.single(query);
    } finally {
      client.release();
    }
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- what the adapter needs of a PoolClient: query, release, on
  override async connect(): Promise<any> {
    const scope = requireScope(this.#role);
    return new ScopedClient(await this.#take(), scope, this.#pipeline);
  }

  /** One query of the pool's own login outside any scope, for readiness; it sees no row of any clinic. */
  async probe(sql: string): Promise<pg.QueryResult> {
    const client = await this.#take();
    try {
      return await client.query(sql);
    } finally {
      client.release(client.getTransactionStatus() !== "I");
    }
  }

  async #take(): Promise<pg.PoolClient> {
    try {
      return await super.connect();
    } catch (error) {
      const full = error instanceof Error && error.message.startsWith("timeout exceeded");
      throw full ? driverError("53300", "no free connection in time") : error;
    }
  }
}

/** One checked-out client bound to one scope; deferred BEGIN. */
class ScopedClient {
  readonly #client: pg.PoolClient;
  readonly #scope: Scope;
  readonly #pipeline: boolean;
  #begun = false;
  #pending = 0;
  #broken = false;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #onError = (): void => {
    this.#broken = true;
  };

  constructor(client: pg.PoolClient, scope: Scope, pipeline: boolean) {
    this.#client = client;
    this.#scope = scope;
    this.#pipeline = pipeline;
    // Without a listener a lost connection would end the process.
    client.on("error", this.#onError);
  }

  /** The adapter's listener; ours is already there. */
  on(event: "error", listener: (error: Error) => void): void {
    this.#client.on(event, listener);
  }

  removeListener(event: "error", listener: (error: Error) => void): void {
    this.#client.removeListener(event, listener);
  }

  /** One query as its own transaction. */
  async single(query: Query): Promise<Answer> {
    const [answer, end] = await this.#together([() => this.#send(query), () => this.#send("COMMIT")]);
    if (answer?.status === "rejected") throw answer.reason;
    if (end?.status === "rejected") throw end.reason;
    return answer?.value as Answer;
  }

  /** A statement of a transaction. BEGIN waits for the first real one; an empty transaction sends nothing at all. */
  async query(query: Query): Promise<Answer> {
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
    const owed = this.#begun ? [] : [() => this.#send(this.#scope.begin)];
    this.#begun = true;
    const settled = this.#pipeline ? await allAtOnce([...owed, ...statements]) : await this.#inTurn(owed, statements);
    const [begin, ...answers] = settled;
    if (owed.length === 0) return settled;
    if (begin?.status === "rejected") {
      this.#broken = true;
      throw begin.reason;
    }
    return answers;
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

  async #send(query: Query | string): Promise<Answer> {
    this.#pending += 1;
    try {
      return (await this.#client.query(query as Query)) as Answer;
    } finally {
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
