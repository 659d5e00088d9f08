import { WebSocket } from "ws";

export type Watching = {
  port: number;
  /** Host header; its own origin goes along */
  host: string;
  cookie?: string;
  /** query of the address */
  query?: string;
  /** what to subscribe to; nothing for a socket without tRPC */
  subscription?: { path: string; input: unknown };
  count: number;
};

/** Many sockets that wait for the same thing. */
export type Watchers = {
  /** When every socket has got a message that holds the text: performance.now() of the last. */
  allHear(text: string): Promise<number>;
  close(): void;
};

const atOnce = 50;
const patienceMs = 20_000;

/** Opens the sockets; each is subscribed, and has what it gets first, when this returns. */
export async function openWatchers(w: Watching): Promise<Watchers> {
  const sockets: WebSocket[] = [];
  let heard: (client: number, data: Buffer) => void = () => undefined;
  while (sockets.length < w.count) {
    const some = Math.min(atOnce, w.count - sockets.length);
    const first = sockets.length;
    const opened = Array.from({ length: some }, (_, n) => openOne(w, (data) => heard(first + n, data)));
    sockets.push(...(await Promise.all(opened)));
  }
  return {
    allHear(text) {
      const waiting = new Set(sockets.keys());
      return new Promise((resolve, reject) => {
        const giveUp = setTimeout(
          () => reject(new Error(`${waiting.size} of ${w.count} watchers heard nothing`)),
          patienceMs,
        );
        heard = (client, data) => {
          if (!data.includes(text) || !waiting.delete(client) || waiting.size > 0) return;
          clearTimeout(giveUp);
          resolve(performance.now());
        };
      });
    },
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function openOne(w: Watching, onMessage: (data: Buffer) => void): Promise<WebSocket> {
  const headers = { Host: w.host, Origin: `http://${w.host}`, ...(w.cookie ? { Cookie: w.cookie } : {}) };
  const socket = new WebSocket(`ws://127.0.0.1:${w.port}/ws${w.query ?? ""}`, { headers, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", (code) => reject(new Error(`a watcher's socket was closed (${code})`)));
    socket.on("message", (data: Buffer) => {
      if (data.length === 4 && data.toString() === "PING") return socket.send("PONG");
      if (data.includes('"error"')) return reject(new Error(`a watcher was refused: ${data.toString()}`));
      if (data.includes('"type":"data"')) resolve(socket);
      onMessage(data);
    });
    socket.once("open", () => {
      if (!w.subscription) return resolve(socket);
      const { path, input } = w.subscription;
      socket.send(JSON.stringify({ id: 1, method: "subscription", params: { path, input: { json: input } } }));
    });
  });
}
