import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { closeServices, handleTrpcHttp } from "@pulsecal/api";
import { testServices, testSettings } from "@pulsecal/api/testing";
import type { TestDatabase } from "@pulsecal/db/testing";
import superjson from "superjson";

/** One call of a procedure by somebody at a clinic's own host. */
export type Asking = {
  slug: string;
  path: string;
  input: Record<string, unknown>;
  query?: boolean;
  cookie?: string;
  /** hangs up so many milliseconds after sending; without an answer by then, nobody knows what became of the call */
  hangUpAfterMs?: number;
};

export type Answered = { status: number; data: unknown; code: string; detail: Record<string, unknown>; ms: number };
/** `status` is null when there was no answer: the call may count or not. */
export type Reply = Answered | { status: null; ms: number };

/** Several nodes of the product on one database. */
export type Door = { ask(node: number, asking: Asking): Promise<Reply>; close(): Promise<void> };

const baseDomain = "pulsecal.localhost";
let people = 0;

/** Everybody comes from an address of their own. */
function nextAddress(): string {
  people += 1;
  return `10.${(people >> 16) & 255}.${(people >> 8) & 255}.${people & 255}`;
}

/** Nodes that are processes of their own, reached over HTTP on kept connections. */
export async function openProcesses(t: TestDatabase, count: number): Promise<Door> {
  const prefix = `proof-${randomBytes(6).toString("hex")}`;
  const settings = testSettings({ PULSECAL_DB_URL: t.url, PULSECAL_DB_ROLE_SECRET: t.roleSecret });
  const env = { ...process.env, ...settings, PULSECAL_BASE_DOMAIN: baseDomain };
  const started = Array.from({ length: count }, async () => {
    const child = fork(fileURLToPath(new URL("./node.ts", import.meta.url)), [prefix], { env });
    const ended = once(child, "exit");
    const [port] = await Promise.race([once(child, "message"), ended.then(() => [0])]);
    if (!port) throw new Error("a node of the proof ended before it listened");
    return { port: Number(port), agent: new Agent({ keepAlive: true }), child, ended };
  });
  const nodes = await Promise.all(started);
  return {
    ask: (node, asking) => {
      const at = nodes[node % nodes.length];
      if (!at) throw new Error("there is no node to ask");
      return send(at.port, at.agent, asking);
    },
    async close() {
      for (const { agent, child, ended } of nodes) {
        agent.destroy();
        if (child.connected) child.disconnect();
        await ended;
      }
    },
  };
}

/** The same procedures in this process, each node with pools and caches of its own; for databases that are broken. */
export function openInProcess(t: TestDatabase, count: number): Door {
  const nodes = Array.from({ length: count }, () => testServices(t));
  return {
    async ask(node, asking) {
      const s = nodes[node % nodes.length];
      if (!s) throw new Error("there is no node to ask");
      const began = performance.now();
      const { host, url, headers, body, method } = onTheWire(asking);
      const sent = new Request(`http://${host}${url}`, { method, headers, ...(body && { body }) });
      const answer = await handleTrpcHttp(s, sent, { ip: nextAddress() });
      return { ...understand(await answer.text()), status: answer.status, ms: performance.now() - began };
    },
    async close() {
      for (const s of nodes) await closeServices(s);
    },
  };
}

function onTheWire({ slug, path, input, query, cookie }: Asking) {
  const host = `${slug}.${baseDomain}`;
  const json = JSON.stringify(superjson.serialize(input));
  const headers: Record<string, string> = { host, origin: `http://${host}`, ...(cookie && { cookie }) };
  if (query)
    return { host, url: `/trpc/${path}?input=${encodeURIComponent(json)}`, headers, method: "GET", body: null };
  return {
    host,
    url: `/trpc/${path}`,
    headers: { ...headers, "content-type": "application/json", "content-length": String(Buffer.byteLength(json)) },
    method: "POST",
    body: json,
  };
}

function send(port: number, agent: Agent, asking: Asking): Promise<Reply> {
  const { url, headers, method, body } = onTheWire(asking);
  const began = performance.now();
  return new Promise((resolve) => {
    const sent = request({
      agent,
      host: "127.0.0.1",
      port,
      method,
      path: url,
      headers: { ...headers, "x-proof-address": nextAddress() },
    });
    const silent = (): void => {
      clearTimeout(hangUp);
      resolve({ status: null, ms: performance.now() - began });
    };
    const hangUp =
      asking.hangUpAfterMs === undefined ? undefined : setTimeout(() => sent.destroy(), asking.hangUpAfterMs);
    sent.on("error", silent);
    sent.on("close", silent);
    sent.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", silent);
      answer.on("end", () => {
        clearTimeout(hangUp);
        const status = answer.statusCode ?? 0;
        resolve({ ...understand(Buffer.concat(chunks).toString("utf8")), status, ms: performance.now() - began });
      });
    });
    sent.end(body ?? undefined);
  });
}

/** tRPC's envelope: a result's data, or an error's code and what goes with it. */
function understand(text: string): Pick<Answered, "data" | "code" | "detail"> {
  try {
    const said = JSON.parse(text) as {
      result?: { data: { json: unknown } };
      error?: { json?: { data?: { pulse?: Record<string, unknown> } } };
    };
    if (said.result) return { data: said.result.data.json, code: "ok", detail: {} };
    const detail = said.error?.json?.data?.pulse ?? {};
    const code = detail["code"];
    return { data: null, code: typeof code === "string" ? code : "no code", detail };
  } catch {
    return { data: null, code: "not JSON", detail: {} };
  }
}
