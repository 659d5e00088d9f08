import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { randomUUID } from "node:crypto";
import superjson from "superjson";
import type { Services } from "./infra/services.ts";
import { appRouter } from "./root.ts";
import { callContext } from "./trpc/context.ts";
import { publicMessage } from "./trpc/error-map.ts";
import type { RefusalCode } from "./trpc/error-map.ts";
import { mayChangeState } from "./trpc/same-origin.ts";

const maxBodyBytes = 256 * 1024;
const maxBatchSize = 10;

/** Answers /trpc over HTTP: queries by GET, everything else by POST from a page of the same origin. */
export async function handleTrpcHttp(s: Services, request: Request, meta: { ip: string }): Promise<Response> {
  const started = performance.now();
  const requestId = randomUUID();
  const response = await answer(s, request, { ...meta, requestId }).catch((error: unknown) => {
    s.log.error({ err: error, requestId }, "request failed");
    return refusal(500, "internal");
  });
  response.headers.set("cache-control", "no-store");
  response.headers.set("x-request-id", requestId);
  const path = new URL(request.url).pathname.slice(0, 300);
  s.log.info(
    { requestId, method: request.method, path, status: response.status, ms: Math.round(performance.now() - started) },
    "trpc",
  );
  return response;
}

async function answer(s: Services, request: Request, meta: { ip: string; requestId: string }): Promise<Response> {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (request.method !== "GET" && request.method !== "POST") return refusal(405, "invalid");
  if (request.method === "POST") {
    const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
    // A cross-site form can only send other types, and only without asking first.
    if (type !== "application/json") return refusal(415, "invalid");
    if (!mayChangeState(request.headers, host, s.env.scheme)) return refusal(403, "forbidden");
  }
  const pathname = decoded(new URL(request.url).pathname);
  if (pathname === null) return refusal(400, "invalid");
  if (asksForSubscription(pathname)) return refusal(405, "invalid");
  const bounded = await withBoundedBody(request);
  if (!bounded) return refusal(413, "invalid");
  const cookies: string[] = [];
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    router: appRouter,
    req: bounded,
    maxBatchSize,
    allowMethodOverride: false,
    createContext: async () =>
      callContext(
        s,
        {
          host,
          cookieHeader: request.headers.get("cookie"),
          requestId: meta.requestId,
          ip: meta.ip,
          setCookie: (value) => cookies.push(value),
        },
        "http",
      ),
  });
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

/** Null: percent signs that mean no text. */
function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

/** Subscriptions have the socket; as server-sent events they would escape its limits and its rechecks. */
function asksForSubscription(pathname: string): boolean {
  const paths = pathname.replace(/^\/trpc\//, "").split(",");
  // Flat by full path at run time; the type shows the nested record it was made from.
  const known = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } } | undefined>;
  return paths.some((path) => Object.hasOwn(known, path) && known[path]?._def.type === "subscription");
}

/** The same request with its body read, or null when that is longer than we read. */
async function withBoundedBody(request: Request): Promise<Request | null> {
  if (request.method !== "POST") return request;
  const announced = request.headers.get("content-length");
  if (announced !== null) {
    // Node's parser reads no more of a body than its length says, so nothing has to be counted or copied.
    return /^\d{1,9}$/.test(announced) && Number(announced) <= maxBodyBytes ? request : null;
  }
  if (!request.body) return request;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.byteLength;
    if (size > maxBodyBytes) return null;
    parts.push(part);
  }
  return new Request(request.url, { method: "POST", headers: request.headers, body: Buffer.concat(parts) });
}

/** A refusal before any procedure, in the shape a tRPC client reads. */
function refusal(status: number, code: RefusalCode | "internal"): Response {
  const pulse = { code };
  const error = {
    code: -32600,
    message: publicMessage(pulse),
    data: { code: "BAD_REQUEST", httpStatus: status, pulse },
  };
  return Response.json({ error: superjson.serialize(error) }, { status });
}
