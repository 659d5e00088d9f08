/**
 * The web server's inside: host -> face -> context -> page. This file is the input of the server build, so that it and
 * the routes share one copy of the context key; `server.ts` and `dev.ts` stay outside and only listen.
 */
import { createCaller, handleFeed, handleTrpcHttp, makeContext, type Services } from "@pulsecal/api";
import { type Place, placeOf } from "@pulsecal/core";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createRequestHandler, RouterContextProvider } from "react-router";
import * as build from "virtual:react-router/server-build";
import { type Face, faceOnClinicHost } from "../app/host.server.ts";
import { pulseContext } from "../app/lib/trpc.server.ts";
import { type Assets, assetResponse } from "./assets.ts";
import { type BareStatus, barePage } from "./bare-page.ts";
import { compressPage } from "./compress-page.ts";
import { health } from "./health.ts";
import { isSameOrigin } from "./same-origin.ts";
import { newNonce, securityHeaders } from "./security-headers.ts";
import { sliceForFace } from "./slices.ts";

export type AppOptions = {
  services: Services;
  assets: Assets;
  dev: boolean;
  /** True once shutdown began: readiness answers no while open requests finish. */
  draining: () => boolean;
};

/** The address of the other side, from the socket; a forwarded header would be anybody's word. */
export type Bindings = { incoming: { socket: { remoteAddress?: string } } };
type Env = { Bindings: Bindings; Variables: { nonce: string; requestId: string; place: Place } };

const FORM_LIMIT = 64 * 1024;
const BARE_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Builds the request handler around running services. */
export function createApp(o: AppOptions): Hono<Env> {
  const { services: s } = o;
  const { scheme } = s.env;
  const mode = o.dev ? "development" : "production";
  const handlers = Object.fromEntries(
    (["apex", "clinic", "portal", "console"] as const).map((face) => [
      face,
      createRequestHandler(sliceForFace(build, face), mode),
    ]),
  ) as Record<Face, ReturnType<typeof createRequestHandler>>;
  const bare = (c: Context<Env>, status: BareStatus) => barePage(status, c.get("nonce"), s.links.apex("/"));

  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const started = performance.now();
    const nonce = newNonce();
    const requestId = crypto.randomUUID();
    c.set("nonce", nonce);
    c.set("requestId", requestId);
    await next();
    for (const [name, value] of Object.entries(securityHeaders(nonce, scheme))) c.res.headers.set(name, value);
    c.res.headers.set("X-Request-Id", requestId);
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
    const ms = Math.round((performance.now() - started) * 10) / 10;
    s.log.debug({ requestId, method: c.req.method, status: c.res.status, ms }, "request");
  });

  app.onError((error, c) => {
    s.log.error({ err: error, requestId: c.get("requestId") }, "request failed");
    return bare(c, 500);
  });
  app.notFound((c) => bare(c, 404));

  app.route("/health", health(s, o.draining));

  app.use(async (c, next) => {
    const host = c.req.header("host") ?? "";
    const name = host.replace(/:\d+$/, "");
    if (BARE_HOSTS.has(name) && name !== s.env.baseDomain) {
      const { pathname, search } = new URL(c.req.url);
      return c.redirect(s.links.apex(pathname + search), 302);
    }
    const place = placeOf(host, s.env.baseDomain);
    if (!place) return bare(c, 404);
    if (!isSameOrigin(c.req.raw, `${scheme}://${host}`)) return bare(c, 403);
    c.set("place", place);
    return next();
  });

  app.all("/trpc/*", (c) => handleTrpcHttp(s, c.req.raw, { ip: ipOf(c) }));
  app.get("/feeds/*", (c) => handleFeed(s, c.req.raw, { ip: ipOf(c) }));

  app.use(async (c, next) => {
    const path = c.req.path;
    const asset = assetResponse(o.assets, path, c.req.header("accept-encoding") ?? "");
    if (asset) return asset;
    // A missing asset gets a plain answer: a page in its place would be parsed as a script or a style.
    if (path.startsWith("/assets/")) return c.text("Not found", 404);
    return next();
  });

  app.use(bodyLimit({ maxSize: FORM_LIMIT, onError: (c) => bare(c as Context<Env>, 413) }));

  app.all("*", async (c) => {
    const cookies: string[] = [];
    const ctx = await makeContext(s, {
      host: c.req.header("host") ?? "",
      cookieHeader: c.req.header("cookie") ?? null,
      requestId: c.get("requestId"),
      ip: ipOf(c),
      setCookie: (value) => cookies.push(value),
    });
    const { face: hostFace } = c.get("place");
    if (hostFace === "clinic" && !ctx.clinic) return bare(c, 404);

    const url = new URL(c.req.url);
    const face: Face = hostFace === "clinic" ? faceOnClinicHost(url.pathname) : hostFace;
    const context = new RouterContextProvider();
    context.set(pulseContext, { face, nonce: c.get("nonce"), ctx, caller: createCaller(ctx), dev: o.dev });

    // Behind TLS the socket is plain http; React Router compares whole origins, so the request says its real scheme.
    url.protocol = `${scheme}:`;
    const request = scheme === "https" ? new Request(url, c.req.raw) : c.req.raw;
    const response = await compressPage(await handlers[face](request, context), c.req.header("accept-encoding") ?? "");
    for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
    return response;
  });

  return app;
}

function ipOf(c: Context<Env>): string {
  return c.env.incoming.socket.remoteAddress ?? "unknown";
}
