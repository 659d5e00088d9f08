import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

/** One mail the sink has said yes to, or would have: from here on it counts as delivered. */
export type Accepted = { messageId: string; to: string; from: string; text: string; worker: string; at: number };

/** A mail kept at a point of its delivery until somebody lets it go on. */
export type Held = { worker: string; to: string; goOn(): void };

/** before the mail is told; after it is taken and before the worker hears so; the same, and the worker never hears */
export type Point = "recipient" | "accepted" | "hang";

/** An SMTP server that never deduplicates, with one port per worker so that it knows who speaks. */
export type Sink = {
  accepted: Accepted[];
  portOf(worker: string): number;
  /** Holds the next mail whose recipient begins so at this point. */
  hold(tag: string, point: Point): Promise<Held>;
  /** Takes this long to accept a mail. */
  slow(ms: number): void;
  /** Refuses this many recipients for now (451). */
  refuseFor(times: number): void;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Conversations that are open. */
  open(): number;
  close(): Promise<void>;
};

type Trap = { tag: string; point: Point; caught: (held: Held) => void };

/** Opens the sink for these workers. */
export async function openSink(workers: readonly string[]): Promise<Sink> {
  const accepted: Accepted[] = [];
  const traps = new Set<Trap>();
  const servers = new Map<string, { server: SMTPServer | null; port: number }>();
  let [slowMs, refusals] = [0, 0];

  /** Waits at a point when somebody wants this mail there. Never ends at "hang". */
  async function atPoint(to: string, worker: string, points: Point[]): Promise<void> {
    const trap = [...traps].find((one) => to.startsWith(one.tag) && points.includes(one.point));
    if (!trap) return;
    traps.delete(trap);
    await new Promise<void>((resolve) => {
      trap.caught({ worker, to, goOn: trap.point === "hang" ? () => undefined : resolve });
    });
  }

  /** False: it went down while it took its time, so nobody will hear a yes, and nothing was delivered. */
  async function take(worker: string, session: SMTPServerSession, raw: string, server: SMTPServer): Promise<boolean> {
    const to = session.envelope.rcptTo[0]?.address ?? "";
    const { mailFrom } = session.envelope;
    const messageId = /^Message-ID:\s*<([^>]+)>/im.exec(raw)?.[1] ?? "";
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
    if (servers.get(worker)?.server !== server) return false;
    const from = mailFrom ? mailFrom.address : "";
    accepted.push({ messageId, to, from, text: raw, worker, at: Date.now() });
    await atPoint(to, worker, ["accepted", "hang"]);
    return true;
  }

  function listen(worker: string, port: number): Promise<SMTPServer> {
    const server: SMTPServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      closeTimeout: 50,
      onRcptTo({ address }, _session, done) {
        if (refusals > 0) {
          refusals -= 1;
          return done(Object.assign(new Error("try again later"), { responseCode: 451 }));
        }
        void atPoint(address, worker, ["recipient"]).then(() => done());
      },
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const raw = Buffer.concat(chunks).toString("utf8");
          void take(worker, session, raw, server).then((taken) =>
            done(taken ? null : Object.assign(new Error("going down"), { responseCode: 421 })),
          );
        });
      },
    });
    server.on("error", () => undefined); // a worker that is killed hangs up in the middle
    return new Promise((resolve, reject) => {
      server.server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(server));
    });
  }

  const comeBack = async (): Promise<void> => {
    for (const worker of workers) {
      const known = servers.get(worker);
      if (known?.server) continue;
      const server = await listen(worker, known?.port ?? 0);
      servers.set(worker, { server, port: (server.server.address() as AddressInfo).port }); // TCP: an AddressInfo
    }
  };
  const goDown = async (): Promise<void> => {
    for (const [worker, { server, port }] of servers) {
      servers.set(worker, { server: null, port });
      if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  };
  await comeBack();
  return {
    accepted,
    portOf: (worker) => servers.get(worker)?.port ?? 0,
    hold: (tag, point) =>
      new Promise((caught) => {
        traps.add({ tag, point, caught });
      }),
    slow: (ms) => {
      slowMs = ms;
    },
    refuseFor: (times) => {
      refusals = times;
    },
    goDown,
    comeBack,
    open: () => [...servers.values()].reduce((sum, { server }) => sum + (server?.connections.size ?? 0), 0),
    close: goDown,
  };
}
