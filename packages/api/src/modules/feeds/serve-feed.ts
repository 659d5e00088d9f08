import { createHash, randomUUID } from "node:crypto";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import type { Services } from "../../infra/services.ts";
import { bookingToken, hashToken } from "../../infra/tokens.ts";
import { makeContext } from "../../trpc/context.ts";
import { asPublicError, refusalOf } from "../../trpc/error-map.ts";
import type { ClinicRow } from "../identity/index.ts";
import { secretIn } from "./feed-address.ts";
import { type FeedCalendar, feedCalendar, initialsOf } from "./feed-calendar.ts";
import { feedVisits, findFeed, type NamedFeed } from "./feeds.repo.ts";

/**
 * Answers GET /feeds/<secret>.ics on a clinic's host. Whatever is not a working address of this clinic is the same 404:
 * a revoked one, another clinic's, one that never was.
 */
export async function handleFeed(s: Services, request: Request, meta: { ip: string }): Promise<Response> {
  const requestId = randomUUID();
  try {
    return await answer(s, request, { ...meta, requestId });
  } catch (error) {
    const away = refusalOf(asPublicError(error))?.code === "unavailable";
    if (!away) s.log.error({ err: error, requestId }, "feed failed");
    return said(away ? 503 : 500);
  }
}

type Meta = { ip: string; requestId: string };

async function answer(s: Services, request: Request, { ip, requestId }: Meta): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") return said(405, { allow: "GET, HEAD" });
  const url = new URL(request.url);
  const secret = secretIn(url.pathname);
  if (secret === null) return said(404);
  const host = request.headers.get("host") ?? url.host;
  // Whoever holds the address may read it; cookies have no part in it.
  const facts = { host, cookieHeader: null, requestId, ip, setCookie: () => undefined };
  const { clinic } = await makeContext(s, facts);
  if (!clinic || clinic.status === "suspended") return said(404);

  const work: Work = { s, clinicId: clinic.id, actor: "system:feeds", requestId };
  const feed = await inTenant(work, (db) => findFeed(db, clinic.id, hashToken(secret)));
  if (!feed) return said(404);
  const visits = await inTenant(work, (db) => feedVisits(db, clinic.id, feed));
  const ics = feedCalendar(calendarOf(work, clinic, feed), visits);

  const etag = `"${createHash("sha256").update(ics).digest("base64url").slice(0, 27)}"`;
  // Kept nowhere unasked: after it is revoked, no cache in between may go on answering.
  const headers = { etag, "cache-control": "private, no-cache" };
  if (matches(request.headers.get("if-none-match"), etag)) return said(304, headers);
  return new Response(request.method === "HEAD" ? null : ics, {
    status: 200,
    headers: {
      ...headers,
      "content-type": "text/calendar; charset=utf-8",
      "content-disposition": 'inline; filename="visits.ics"',
      "x-robots-tag": "noindex",
    },
  });
}

function calendarOf(work: Work, clinic: ClinicRow, feed: NamedFeed): FeedCalendar {
  const { links, env } = work.s;
  const { baseDomain } = env;
  const name = `${feed.name}, ${clinic.name}`;
  if ("practitionerId" in feed) {
    return {
      name,
      baseDomain,
      // Calendars are shared at work and shown on screens: no full name, no service, no reason.
      words: ({ ref, patientName }) => ({
        summary: `${initialsOf(patientName ?? "")} ${ref}`.trim(),
        description: `Visit ${ref}`,
        location: null,
        url: links.clinic(clinic.slug, "/portal/agenda"),
      }),
    };
  }
  return {
    name,
    baseDomain,
    words: (visit) => {
      const url = links.clinic(clinic.slug, `/b/${bookingToken(env.secret, clinic.id, visit.id)}`);
      const forWhom = visit.patientId === feed.patientId ? "" : ` (${visit.patientName})`;
      return {
        summary: `Visit at ${clinic.name}${forWhom}`,
        description: `With ${visit.practitionerName}. See, move or cancel: ${url}`,
        location: visit.address,
        url,
      };
    },
  };
}

/** RFC 9110: a list of tags, or `*`; a weak tag of the same text counts too. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}

function said(status: 304 | 404 | 405 | 500 | 503, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { "cache-control": "no-store", ...headers } });
}
