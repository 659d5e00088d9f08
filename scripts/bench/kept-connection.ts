import { connect, type Socket } from "node:net";
import { once } from "node:events";

export type Request = { host: string; path: string; json: string; headers?: Record<string, string> };
export type Answered = { status: number; body: string };

/** One kept-alive HTTP connection, written by hand: the driver shares its cores with what it measures. */
export type KeptConnection = {
  post(request: Request): Promise<Answered>;
  get(request: Pick<Request, "host" | "path">): Promise<Answered>;
  close(): void;
};

/** Keeps one connection to a port of this computer, dialled when it is needed; one request at a time. */
export function keptConnection(port: number): KeptConnection {
  let socket: Socket | null = null;
  // The server ends connections that nobody uses, between two rounds for example.
  const dial = async (): Promise<Socket> => {
    const fresh = connect(port, "127.0.0.1");
    fresh.setNoDelay(true);
    await once(fresh, "connect");
    fresh.on("error", () => fresh.destroy());
    return fresh;
  };
  const send = async (text: string): Promise<Answered> => {
    if (!socket || socket.destroyed || socket.readableEnded) socket = await dial();
    const answer = nextAnswer(socket);
    socket.write(text);
    return answer;
  };
  return {
    get: ({ host, path }) => send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    post({ host, path, json, headers = {} }) {
      const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return send(
        `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nContent-Type: application/json\r\n` +
          `${more.join("")}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
      );
    },
    close: () => socket?.destroy(),
  };
}

function nextAnswer(socket: Socket): Promise<Answered> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const settle = (act: () => void): void => {
      socket.off("data", onData);
      socket.off("close", onClose);
      act();
    };
    const onData = (chunk: Buffer): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = parse(received);
      if (answer) settle(() => resolve(answer));
    };
    const onClose = (): void => settle(() => reject(new Error("the server closed the connection")));
    socket.on("data", onData);
    socket.once("close", onClose);
  });
}

/** The answer when all of it is here. */
function parse(received: Buffer): Answered | null {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = received.toString("latin1", 0, end);
  const status = Number(head.slice(9, 12));
  const rest = received.subarray(end + 4);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    return rest.length < Number(length) ? null : { status, body: rest.toString("utf8", 0, Number(length)) };
  }
  const last = rest.indexOf("\r\n0\r\n\r\n");
  return last < 0 ? null : { status, body: rest.toString("utf8", 0, last) };
}
