import { placeOf } from "@pulsecal/core";
import type { Place } from "@pulsecal/core";
import type { Services } from "../infra/services.ts";
import { readCookie } from "../modules/identity/index.ts";
import type { ClinicRow, PlatformSession, SessionKind, StaffSession } from "../modules/identity/index.ts";
import { findClinicBySlug } from "../modules/tenancy/clinic-by-slug.ts";
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
  /** null: not a clinic's host, or no clinic of that name */
  clinic: ClinicRow | null;
  requestId: string;
  ip: string;
  transport: Transport;
  cookie: (kind: SessionKind) => string | null;
  setCookie: (value: string) => void;
  /** The staff session of this host's clinic. Looked up once per request, once per subscribe on a socket. */
  staff: () => Promise<StaffSession | null>;
  platform: () => Promise<PlatformSession | null>;
};

/** The ctx of a procedure that stands on a clinic's host. */
export type ClinicCtx = Ctx & { clinic: ClinicRow; clinicId: string; actor: string };

/** Host -> face and clinic -> session. One query for a signed-in request, one for a guest of a clinic, none on the apex. */
export async function makeContext(s: Services, request: RequestFacts, transport: Transport = "direct"): Promise<Ctx> {
  const place = placeOf(request.host, s.env.baseDomain);
  const cookie = (kind: SessionKind) => readCookie(request.cookieHeader, kind, s.env.scheme);
  const staffToken = place?.face === "clinic" ? cookie("staff") : null;
  const platformToken = place?.face === "console" ? cookie("platform") : null;

  const readStaff = async () => {
    const session = staffToken ? await s.sessions.staff(staffToken) : null;
    // A session belongs to the clinic on whose host it was made, whatever cookie arrives here.
    return session && place?.face === "clinic" && session.clinic.slug === place.slug ? session : null;
  };
  const readPlatform = async () => (platformToken ? s.sessions.platform(platformToken) : null);

  const { staffNow, clinic } = await settle(s, request.requestId, async () => {
    const session = await readStaff();
    const found = place?.face === "clinic" ? (session?.clinic ?? (await findClinicBySlug(s.db, place.slug))) : null;
    return { staffNow: session, clinic: found };
  });
  return {
    s,
    place,
    clinic,
    requestId: request.requestId,
    ip: request.ip,
    transport,
    cookie,
    setCookie: request.setCookie,
    staff: lookup(transport, readStaff, Promise.resolve(staffNow)),
    platform: lookup(transport, readPlatform),
  };
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

/** Over HTTP a request asks once. A socket lives long, so there every subscribe asks again. */
function lookup<T>(transport: Transport, read: () => Promise<T>, known?: Promise<T>): () => Promise<T> {
  if (transport === "ws") return read;
  let answer = known;
  return () => {
    answer ??= read();
    return answer;
  };
}

/** The ctx of a procedure of the console. */
export type PlatformCtx = Ctx & { admin: PlatformSession; actor: string };
