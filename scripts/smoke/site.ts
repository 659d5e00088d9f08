import type { LookupFunction } from "node:net";
import { request } from "node:http";
import type { AppRouter } from "@pulsecal/api";
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, type TRPCClient, wsLink } from "@trpc/client";
import superjson from "superjson";
import { WebSocket } from "ws";

/** One person's browser on one host: own cookies, own socket. */
export type Visitor = {
  host: string;
  origin: string;
  api: TRPCClient<AppRouter>;
  cookies: Map<string, string>;
  get(path: string): Promise<Page>;
  /** Sends a form as a browser without JavaScript would. */
  post(path: string, fields: Record<string, string>): Promise<Page>;
  leave(): Promise<void>;
};

type Page = { status: number; html: string; location: string | null };

type Site = { webPort: number; baseDomain: string };

/** Opens a browser of its own on `<name>.<base domain>`; an empty name is the apex. */
export function visit(site: Site, name: string): Visitor {
  const host = `${name ? `${name}.` : ""}${site.baseDomain}:${site.webPort}`;
  const origin = `http://${host}`;
  const cookies = new Map<string, string>();
  const send = sender(origin, cookies);

  // Node's fetch ignores a Host header and does not resolve *.localhost, so both links get a way of their own.
  const socket = createWSClient({
    url: `ws://${host}/ws`,
    lazy: { enabled: true, closeMs: 0 },
    WebSocket: socketClass(origin, cookies),
  });
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === "subscription",
        true: wsLink({ client: socket, transformer: superjson }),
        false: httpBatchLink({
          url: `${origin}/trpc`,
          transformer: superjson,
          fetch: (url, init) => send(String(url), init ?? {}),
        }),
      }),
    ],
  });

  const page = async (path: string, init: Sent): Promise<Page> => {
    const response = await send(new URL(path, origin).href, init);
    return { status: response.status, html: await response.text(), location: response.headers.get("location") };
  };
  return {
    host,
    origin,
    api,
    cookies,
    get: (path) => page(path, {}),
    post: (path, fields) =>
      page(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
      }),
    leave: () => socket.close(),
  };
}

/** Every name of the site is this computer. */
const lookup: LookupFunction = (_name, options, answer) => {
  const address = "127.0.0.1";
  if (options.all) answer(null, [{ address, family: 4 }]);
  else answer(null, address, 4);
};

function cookieHeader(cookies: Map<string, string>): Record<string, string> {
  const text = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return text ? { cookie: text } : {};
}

function keepCookies(cookies: Map<string, string>, set: string[]): void {
  for (const line of set) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (!name) continue;
    if (value && !/;\s*max-age=0/i.test(line)) cookies.set(name, value);
    else cookies.delete(name);
  }
}

function socketClass(origin: string, cookies: Map<string, string>): typeof globalThis.WebSocket {
  const Socket = class extends WebSocket {
    constructor(url: string | URL) {
      super(url, { lookup, origin, headers: cookieHeader(cookies) });
    }
  };
  return Socket as unknown as typeof globalThis.WebSocket; // ws speaks the standard's interface; its types differ in events
}

type Sent = { method?: string; headers?: unknown; body?: unknown; signal?: AbortSignal | null };

const patienceMs = 20_000;

/** fetch over node:http with our own look-up, the cookies of this visitor and an honest Origin. */
function sender(origin: string, cookies: Map<string, string>) {
  return (url: string, init: Sent): Promise<Response> =>
    new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          method: init.method ?? "GET",
          headers: { ...(init.headers as Record<string, string>), origin, ...cookieHeader(cookies) },
          lookup,
          signal: init.signal ?? undefined,
          timeout: patienceMs,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            keepCookies(cookies, answer.headers["set-cookie"] ?? []);
            const headers = new Headers();
            for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
            const status = answer.statusCode ?? 0;
            resolve(new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers }));
          });
        },
      );
      sent.on("error", reject);
      sent.on("timeout", () => sent.destroy(new Error(`no answer from ${url} within ${patienceMs} ms`)));
      sent.end(typeof init.body === "string" ? init.body : undefined);
    });
}
