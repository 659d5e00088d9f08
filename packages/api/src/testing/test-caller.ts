import { randomUUID } from "node:crypto";
import { createCaller } from "../caller.ts";
import type { Caller } from "../caller.ts";
import type { Services } from "../infra/services.ts";
import { makeContext } from "../trpc/context.ts";

export type Visitor = { host: string; cookies?: string; ip?: string };

/** What a person holds after some calls: the Cookie header their browser would send next. */
export type Visit = { call: Caller; cookies: () => string; setCookies: string[] };

/** Calls procedures as a browser on that host would, in process; cookies that are set are kept for the next visit. */
export async function visit(s: Services, visitor: Visitor): Promise<Visit> {
  const jar = new Map<string, string>();
  for (const pair of visitor.cookies?.split("; ") ?? []) jar.set(...split(pair));
  const setCookies: string[] = [];
  const ctx = await makeContext(s, {
    host: visitor.host,
    cookieHeader: visitor.cookies ?? null,
    requestId: randomUUID(),
    ip: visitor.ip ?? "127.0.0.1",
    setCookie(value) {
      setCookies.push(value);
      jar.set(...split(value.split(";")[0] ?? ""));
    },
  });
  return {
    call: createCaller(ctx),
    cookies: () => [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    setCookies,
  };
}

/** The same when only the calls matter. */
export async function testCaller(s: Services, visitor: Visitor): Promise<Caller> {
  return (await visit(s, visitor)).call;
}

function split(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1)];
}
