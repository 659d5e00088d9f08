import { placeOf } from "@pulsecal/core";
import type { Place } from "@pulsecal/core";
import type { Services } from "../infra/services.ts";
import { readCookie } from "../modules/identity/index.ts";
import type { ClinicRow, PlatformSession, SessionKind, StaffSession } from "../modules/identity/index.ts";
import { findClinicBySlug, recallClinic } from "../modules/tenancy/clinic-by-slug.ts";
import { asPublicError, isExpected } from "./error-map.ts";

/** How a call arrived: a subscription may only come by the socket, everything else only by HTTP or in process. */
export type Transport = "http" | "ws" | "direct";

export type RequestFacts = {
  host: string;
  cookieHeader: string | null;
  requestId: string;
  ip: string;
  setCookie: (value: string) => void;
};

export type Ctx = {
  s: Services;
  /** null: this host is not ours */
  place: Place | null;
  /** The clinic of this host as the database has it now, asked once; null: not a clinic's host, or no clinic of that name. */
  clinicHere: () => Promise<ClinicRow | null>;
  /** The same from memory, if it is known: for whoever checks in their own read that it is still so. */
  clinicRecalled: () => ClinicRow | null;
  requestId: string;
  ip: string;
  transport: Transport;
  cookie: (kind: SessionKind) => string | null;
  setCookie: (value: string) => void;
  /** The staff session of this host's clinic. Looked up once per request, once per subscribe on a socket. */
  staff: () => Promise<StaffSession | null>;
  platform: () => Promise<PlatformSession | null>;
};

/** A ctx whose host's clinic is known, or known not to be. */
export type SettledCtx = Ctx & { clinic: ClinicRow | null };

/** The ctx of a procedure that stands on a clinic's host. */
export type ClinicCtx = Ctx & { clinic: ClinicRow; clinicId: string; actor: string };

/** Host -> face and clinic -> session; each is looked up when it is first asked for, and not again. */
export function callContext(s: Services, request: RequestFacts, transport: Transport): Ctx {
  const place = placeOf(request.host, s.env.baseDomain);
  const slug = place?.face === "clinic" ? place.slug : null;
  const cookie = (kind: SessionKind) => readCookie(request.cookieHeader, kind, s.env.scheme);
  const staffToken = slug !== null ? cookie("staff") : null;
  const platformToken = place?.face === "console" ? cookie("platform") : null;

  const readStaff = async () => {
    const session = staffToken ? await s.sessions.staff(staffToken) : null;
    // A session belongs to the clinic on whose host it was made, whatever cookie arrives here.
    return session && session.clinic.slug === slug ? session : null;
  };
  const readPlatform = async () => (platformToken ? s.sessions.platform(platformToken) : null);
  const staffNow = once(readStaff);
  // A session brings its clinic along.
  const clinicHere = once(async () => {
    if (slug === null) return null;
    return settle(s, request.requestId, async () => (await staffNow())?.clinic ?? findClinicBySlug(s, slug));
  });
  return {
    s,
    place,
    clinicHere,
    clinicRecalled: () => (slug === null || staffToken ? null : recallClinic(s, slug)),
    requestId: request.requestId,
    ip: request.ip,
    transport,
    cookie,
    setCookie: request.setCookie,
    // Over HTTP a request asks once. A socket lives long, so there every subscribe asks again.
    staff: transport === "ws" ? readStaff : staffNow,
    platform: transport === "ws" ? readPlatform : once(readPlatform),
  };
}

/** The same with its clinic looked up: for a page or a socket, which need it before anything is called. */
export async function makeContext(
  s: Services,
  request: RequestFacts,
  transport: Transport = "direct",
): Promise<SettledCtx> {
  const ctx = callContext(s, request, transport);
  return { ...ctx, clinic: await ctx.clinicHere() };
}

/** A database that is away is `unavailable` here as it is inside a procedure. */
async function settle<T>(s: Services, requestId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const outward = asPublicError(error);
    if (!isExpected(outward)) s.log.error({ err: error, requestId }, "context failed");
    throw outward;
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}

/** The ctx of a procedure of the console. */
export type PlatformCtx = Ctx & { admin: PlatformSession; actor: string };
