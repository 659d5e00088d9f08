import { createServer, connect, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";

export type TcpProxy = {
  /** the database's URL through the proxy */
  url: string;
  /** round trips so far: how often the client spoke after the server (or first); logging in is not counted */
  flights(): number;
  connections(): number;
  /** cuts every connection at once, in both directions */
  cut(): void;
  /** cuts every connection as a server that died does: its system answers with a reset */
  reset(): void;
  /** drops every byte from now on, on the connections that are open, and closes none of them */
  swallow(): void;
  close(): Promise<void>;
};

/** Stands between client and server and counts round trips; answers are held back a little so that one flight is one. */
export async function startTcpProxy(target: string, delayMs = 3): Promise<TcpProxy> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  let [flights, connections] = [0, 0];

  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(Number(to.port || 5432), to.hostname);
    let [lastSpoke, loggedIn] = ["server", false];
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (chunk) => {
      if (silent.has(client)) return;
      if (loggedIn && lastSpoke === "server" && chunk[0] !== terminate) flights += 1;
      lastSpoke = "client";
      upstream.write(chunk);
    });
    let order: Promise<unknown> = Promise.resolve();
    upstream.on("data", (chunk) => {
      order = order
        .then(() => wait(delayMs))
        .then(() => {
          lastSpoke = "server";
          loggedIn ||= isReadyForQuery(chunk);
          if (!silent.has(client)) client.write(chunk);
        });
    });
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    flights: () => flights,
    connections: () => connections,
    cut,
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    swallow: () => {
      for (const socket of sockets) silent.add(socket);
    },
    close: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

const terminate = "X".charCodeAt(0);

/** The login ends with ReadyForQuery: Z, length 5, I. */
function isReadyForQuery(chunk: Buffer): boolean {
  return chunk.subarray(-6).equals(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]));
}
