import pg from "pg";
import type { Patience, Silence } from "./silence.ts";

/** A prepared statement and its values. */
export type Lead = { name: string; text: string; values: readonly string[] };

/** What Prisma's adapter asks for. */
export type Ask = pg.QueryArrayConfig & { types?: pg.CustomTypesConfig };
export type Answer = pg.QueryArrayResult;

type Done = (error: Error | null, answer: Answer) => void;

/** The part of pg's connection that writes protocol messages. */
type Wire = {
  readonly stream: { cork(): void; uncork(): void; destroy(error: Error): void };
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(message: { name: string; text: string }): void;
  bind(message: { portal: string; statement: string; values: readonly string[] }): void;
  execute(message: { portal: string }): void;
  sync(): void;
};

/** pg.Query as it runs; its types tell only what an application calls. */
type WireQuery = {
  prepare(wire: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
};
const PgQuery = pg.Query as unknown as new (config: object, values: undefined, done: Done) => WireQuery;

/** A client as pg has it: with the connection it speaks through. */
export type WireClient = pg.PoolClient & { readonly connection: Wire };

/**
 * One statement behind its context, in one write and with one Sync. PostgreSQL runs what stands between two Syncs as one
 * transaction: the context holds for this statement and nothing else, is gone when the answer is here, and a context
 * that is refused takes the statement with it. So a single read or write needs no BEGIN, no COMMIT and one round trip;
 * an error of the commit itself comes before the answer does.
 *
 * pg lets its own Query and subclasses of it into a pipeline, and asks them to write their messages by `submit`.
 */
class Flight extends PgQuery {
  readonly #lead: Lead;
  readonly #named: boolean;
  #underWay = false;

  constructor(lead: Lead, named: boolean, ask: Ask, done: Done) {
    super(ask, undefined, done);
    this.#lead = lead;
    this.#named = named;
  }

  /** Whether the context was taken: from then on an error is the statement's own. */
  get underWay(): boolean {
    return this.#underWay;
  }

  submit(wire: Wire): null {
    const statement = this.#named ? this.#lead.name : "";
    wire.stream.cork();
    try {
      if (!this.#named) wire.parse({ name: statement, text: this.#lead.text });
      wire.bind({ portal: "", statement, values: this.#lead.values });
      wire.execute({ portal: "" });
      this.prepare(wire); // the statement itself, and Sync
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  override handleDataRow(message: unknown): void {
    if (this.#underWay) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#underWay) super.handleCommandComplete(message, wire);
    else this.#underWay = true;
  }
}

/** Prepares the context's statement by itself: pg would take its ParseComplete for the one of the query behind it. */
class Preparation extends PgQuery {
  readonly name: string;
  readonly text: string;

  constructor({ name, text }: Lead, done: Done) {
    super({ name, text }, undefined, done);
    this.name = name;
    this.text = text;
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    wire.parse({ name: this.name, text: this.text });
    wire.submittedNamedStatements[this.name] = this.text;
    wire.sync();
    wire.stream.uncork();
    return null;
  }
}

/** Nothing but a Sync: answered when the server has finished with everything before it, refused when it is gone. */
class Barrier extends PgQuery {
  constructor(done: Done) {
    super({ text: "" }, undefined, done);
  }

  submit(wire: Wire): null {
    wire.sync();
    return null;
  }
}

/** How a flight ended: `clean` when what went wrong, if anything, was the statement's own. */
export type Landing = { error: Error | null; answer: Answer; clean: boolean };

/** How one statement travels: behind which context, by prepared statements or not, and who minds the silence. */
export type Trip = { lead: Lead; named: boolean; silence: Silence; patience: Patience };

/** Sends one statement behind its context and waits for the answer; the first of its kind on a connection prepares. */
export function fly(client: WireClient, { lead, named, silence, patience }: Trip, ask: Ask): Promise<Landing> {
  return new Promise((resolve) => {
    const { parsedStatements, submittedNamedStatements } = client.connection;
    const known = parsedStatements[lead.name] ?? submittedNamedStatements[lead.name];
    // Should preparing fail, the flight behind it finds no such statement and ends by itself.
    if (named && known === undefined) submit(client, new Preparation(lead, () => undefined));
    // One watch for both: the server sends its answer to the context together with that to the statement.
    const stopWatch = silence.watch(client, patience.statementMs);
    const flight = new Flight(lead, named, ask, (error, answer) => {
      stopWatch();
      resolve({ error, answer, clean: error === null || flight.underWay });
    });
    submit(client, flight);
  });
}

/** Whether the server is still there after an error: the error itself may have been its farewell. */
export function survives(client: WireClient, silence: Silence, { quickMs }: Patience): Promise<boolean> {
  return new Promise((resolve) => {
    const stopWatch = silence.watch(client, quickMs);
    const done = (error: Error | null): void => {
      stopWatch();
      resolve(error === null);
    };
    submit(client, new Barrier(done));
  });
}

function submit(client: WireClient, query: WireQuery): void {
  client.query(query as unknown as pg.Submittable);
}
