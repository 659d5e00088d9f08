import { request } from "node:http";
import superjson from "superjson";
import type { Part } from "./part.ts";

export type Reply =
  | { status: number; data: unknown; code: string; ms: number }
  /** no answer: refused, reset, or silent for too long */
  | { status: null; why: string; ms: number };

export type Asking = {
  slug: string;
  baseDomain: string;
  path: string;
  input?: Record<string, unknown>;
  query?: boolean;
  cookie?: string;
  /** this person's own address, on systems where all of 127/8 is this computer */
  from?: string;
  timeoutMs?: number;
};

const PATIENCE_MS = 8_000;

/** One call of the API on one web node, over a connection of its own: what was refused was never accepted. */
export function ask(node: Part, a: Asking): Promise<Reply> {
  const host = `${a.slug}.${a.baseDomain}`;
  const body = a.input === undefined ? "" : JSON.stringify(superjson.serialize(a.input));
  const search = a.query && body ? `?input=${encodeURIComponent(body)}` : "";
  const began = performance.now();
  const ms = (): number => Math.round(performance.now() - began);
  return new Promise((resolve) => {
    const sent = request({
      agent: false,
      host: "127.0.0.1",
      port: node.port,
      localAddress: a.from,
      method: a.query ? "GET" : "POST",
      path: `/trpc/${a.path}${search}`,
      headers: {
        host,
        origin: `http://${host}`,
        connection: "close",
        ...(a.query ? {} : { "content-type": "application/json" }),
        ...(a.cookie ? { cookie: a.cookie } : {}),
      },
    });
    const late = setTimeout(() => {
      resolve({ status: null, why: "no answer in time", ms: ms() });
      sent.destroy();
    }, a.timeoutMs ?? PATIENCE_MS);
    const lost = (error: NodeJS.ErrnoException): void => {
      clearTimeout(late);
      resolve({ status: null, why: error.code ?? error.message, ms: ms() });
    };
    sent.on("error", lost);
    sent.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", lost);
      answer.on("end", () => {
        clearTimeout(late);
        resolve({ ...read(Buffer.concat(chunks).toString("utf8")), status: answer.statusCode ?? 0, ms: ms() });
      });
    });
    sent.end(a.query ? undefined : body);
  });
}

/** tRPC's envelope: a result's data or an error's code. */
function read(text: string): { data: unknown; code: string } {
  try {
    const said = JSON.parse(text) as {
      result?: { data: { json: unknown } };
      error?: { json?: { data?: { pulse?: { code?: string } } } };
    };
    return { data: said.result?.data.json, code: said.error?.json?.data?.pulse?.code ?? "" };
  } catch {
    return { data: null, code: "not JSON" };
  }
}
