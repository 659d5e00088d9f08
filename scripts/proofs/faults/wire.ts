import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Where in a transaction's COMMIT somebody is to be struck. */
export type Moment = "before commit" | "after commit";

type Ambush = { fits: (begin: string) => boolean; moment: Moment; reached: () => void };

type Line = {
  client: Socket;
  server: Socket;
  /** the first statement of its transaction, and the name of its prepared COMMIT */
  begin: string;
  commit: string;
  dead: boolean;
  waiting: (Ambush & { answer: string }) | null;
  frozen: boolean;
};

/** A TCP line between one part of the system and one of its servers, with everything that can go wrong on it. */
export type Wire = {
  port: number;
  /** Where new connections lead from now on. */
  retarget(port: number): void;
  /** Holds every message back this long, in both directions; order is kept. */
  delay(ms: number): void;
  /** Half-open: whatever is said is swallowed and nothing is closed, on connections that exist and on new ones. */
  swallow(): void;
  /** New connections work again; those that lived through `swallow` stay dead, as behind a router that forgot them. */
  restore(): void;
  /** Resets every connection and refuses new ones until `restore`. */
  goDown(): void;
  /** Resets every connection. */
  cut(): void;
  /**
   * Waits for the COMMIT of a writing transaction whose first statement fits (it carries the clinic and the actor) and
   * freezes its connection there: before the server hears it, or after it has answered and before the client knows.
   */
  ambush(fits: (begin: string) => boolean, moment: Moment): Promise<void>;
  connections(): number;
  close(): Promise<void>;
};

const BEGIN = /BEGIN[^\0]*/;
// The statement's name follows the message's length, four bytes of which the last may look like a letter.
const PREPARED_COMMIT = /P\0\0\0[^]([^\0]+)\0COMMIT\0/;
/** How the product names the statement that carries the context of a single write (see packages/db, leadOf). */
const SINGLE_WRITE = "pulse_write_";
/** The server is ready for the next query, outside any transaction. */
const IDLE = "Z\0\0\0\x05I";

/** Opens a line to a port of this computer. */
export async function openWire(target: number): Promise<Wire> {
  const lines = new Set<Line>();
  const ambushes = new Set<Ambush>();
  let [to, delayMs, mode] = [target, 0, "open" as "open" | "swallow" | "down"];

  const server = createServer((client) => {
    if (mode === "down") return void client.resetAndDestroy();
    const line: Line = {
      client,
      server: connect(to, "127.0.0.1"),
      begin: "",
      commit: "",
      dead: mode === "swallow",
      waiting: null,
      frozen: false,
    };
    lines.add(line);
    for (const socket of [client, line.server]) {
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
    }
    client.on("close", () => endOf(line));
    // A swallowed line tells nobody that its far end is gone.
    line.server.on("close", () => line.dead || endOf(line));
    pass(line, client, line.server, (chunk) => watch(line, chunk));
    pass(line, line.server, client, (chunk) => answered(line, chunk));
  });

  function endOf(line: Line): void {
    lines.delete(line);
    line.client.destroy();
    line.server.destroy();
  }

  /** Hands data on unless the line is dead or frozen; `look` may freeze it first. */
  function pass(line: Line, from: Socket, into: Socket, look: (chunk: Buffer) => void): void {
    let order: Promise<unknown> = Promise.resolve();
    let busy = 0;
    from.on("data", (chunk) => {
      const hand = (): void => {
        if (!line.dead) look(chunk);
        if (!line.dead && !line.frozen && !into.destroyed) into.write(chunk);
      };
      if (delayMs === 0 && !busy) return hand();
      busy += 1;
      const wait = delayMs;
      order = order
        .then(() => new Promise((resolve) => setTimeout(resolve, wait)))
        .then(() => {
          busy -= 1;
          hand();
        });
    });
  }

  function watch(line: Line, chunk: Buffer): void {
    const text = chunk.toString("latin1");
    const begin = BEGIN.exec(text)?.[0];
    if (begin) line.begin = begin;
    // A prepared COMMIT is spelled out once per connection and called by its name from then on.
    const name = PREPARED_COMMIT.exec(text)?.[1];
    if (name) line.commit = name;
    const commits = text.includes("COMMIT\0") || (line.commit !== "" && text.includes(`\0${line.commit}\0`));
    // A write of one statement carries its context and commits by itself.
    const flight = text.includes(SINGLE_WRITE);
    if (!flight && (!commits || line.begin.startsWith("BEGIN READ ONLY"))) return;
    const ambush = [...ambushes].find(({ fits }) => fits(flight ? text : line.begin));
    if (!ambush) return;
    ambushes.delete(ambush);
    if (ambush.moment === "before commit") {
      line.frozen = true;
      ambush.reached();
    } else line.waiting = { ...ambush, answer: flight ? IDLE : "COMMIT\0" };
  }

  function answered(line: Line, chunk: Buffer): void {
    if (!line.waiting || !chunk.toString("latin1").includes(line.waiting.answer)) return;
    line.frozen = true;
    line.waiting.reached();
    line.waiting = null;
  }

  const cut = (): void => {
    for (const line of lines) {
      line.client.resetAndDestroy();
      endOf(line);
    }
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port, // a TCP server's address is an AddressInfo
    retarget: (port) => {
      to = port;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    swallow: () => {
      mode = "swallow";
      for (const line of lines) line.dead = true;
    },
    restore: () => {
      mode = "open";
    },
    goDown: () => {
      mode = "down";
      cut();
    },
    cut,
    ambush: (fits, moment) =>
      new Promise((reached) => {
        ambushes.add({ fits, moment, reached });
      }),
    connections: () => lines.size,
    close: async () => {
      server.close();
      cut();
      if (server.listening) await once(server, "close");
    },
  };
}
