import { setTimeout as wait } from "node:timers/promises";
import { appRouter, createCaller, handleTrpcHttp, makeContext, refusalOf, type Services } from "@pulsecal/api";
import superjson from "superjson";

type Known = { _def: { type: "query" | "mutation" | "subscription"; inputs: unknown[] } };

/** Every procedure by its path. The type of the router shows the nested record it was made from; at run time it is flat. */
export const procedures = appRouter._def.procedures as unknown as Record<string, Known>;

/** Whoever asks: on which host, with which session. */
export type Visitor = { name: string; host: string; cookie?: string };

/** What leaves the process: the status and the body, which together must tell nothing of another clinic. */
export type Answer = { status: number; body: string };

let asked = 0;

/** Calls a procedure as a browser would, from an address of its own; a subscription is asked for its first item. */
export async function ask(
  s: Services,
  path: string,
  visitor: Visitor,
  input: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  asked += 1;
  const ip = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
  if (procedures[path]?._def.type === "subscription") return firstItem(s, path, visitor, input, ip);
  const response = await handleTrpcHttp(s, requestOf(s, path, visitor, input, headers), { ip });
  return { status: response.status, body: await response.text() };
}

function requestOf(s: Services, path: string, visitor: Visitor, input: unknown, more: Record<string, string>): Request {
  const origin = `${s.env.scheme}://${visitor.host}`;
  const headers = { ...more, host: visitor.host, ...(visitor.cookie && { cookie: visitor.cookie }) };
  const body = input === undefined ? undefined : JSON.stringify(superjson.serialize(input));
  if (procedures[path]?._def.type === "query") {
    return new Request(`${origin}/trpc/${path}${body ? `?input=${encodeURIComponent(body)}` : ""}`, { headers });
  }
  return new Request(`${origin}/trpc/${path}`, {
    method: "POST",
    headers: { ...headers, origin, "content-type": "application/json" },
    body: body ?? "",
  });
}

/** Longer than any first item takes; a stream that says nothing by then has nothing to say. */
const silenceMs = 10_000;

async function firstItem(s: Services, path: string, visitor: Visitor, input: unknown, ip: string): Promise<Answer> {
  const stop = new AbortController();
  try {
    const ctx = await makeContext(s, {
      host: visitor.host,
      cookieHeader: visitor.cookie ?? null,
      requestId: `probe-${asked}`,
      ip,
      setCookie: () => undefined,
    });
    const subscribe = path
      .split(".")
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], createCaller(ctx));
    const items = await (subscribe as (input: unknown) => Promise<AsyncIterable<unknown>>)(input);
    const iterator = items[Symbol.asyncIterator]();
    const first = await Promise.race([iterator.next(), wait(silenceMs, null, { signal: stop.signal, ref: false })]);
    void iterator.return?.();
    if (first === null) return { status: 504, body: "silence" };
    return { status: 200, body: JSON.stringify(superjson.serialize(first.value)) };
  } catch (error) {
    const refusal = refusalOf(error);
    const { code, message } = error as { code?: string; message?: string };
    return { status: 400, body: JSON.stringify(refusal ?? { code, message }) };
  } finally {
    stop.abort();
  }
}
