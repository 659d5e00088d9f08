import { createHash, randomBytes, randomUUID } from "node:crypto";
import { closeServices, hashPassword, type Services } from "@pulsecal/api";
import {
  clinicHost,
  consoleHost,
  makeSetup,
  makeWaiting,
  platformCookie,
  staffCookie,
  testCaller,
  testServices,
  writeEvent,
} from "@pulsecal/api/testing";
import { clinicRoles } from "@pulsecal/core";
import type { Database } from "@pulsecal/db";
import { type MadeClinic, makeClinic, openAllPolicies, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import type { Visitor } from "./ask.ts";
import type { ProbeIds } from "./id-fields.ts";

/** How the build under test is broken, for controls. */
export type Breakage = { openPolicies?: boolean; database?: (db: Database) => Database };

/** What must stand behind the ids, beside the clinic's own rows. */
export type Wanted = {
  /** family: the first of two that are held together */
  booking?: "held" | "confirmed" | "family";
  /** somebody on the waitlist: with a held booking it is offered to them, without one there is a gap to offer */
  waiting?: boolean;
  emailToken?: boolean;
  waitingClinic?: boolean;
  platformCursor?: boolean;
};

/** Two clinics behind real services, everybody who may knock, and ids of each kind. */
export type ProcedureWorld = {
  t: TestDatabase;
  s: Services;
  own: MadeClinic;
  other: MadeClinic;
  /** nothing keeps the clinics apart: a control */
  broken: boolean;
  /** text that only the other clinic's rows contain */
  canary: string;
  visitors: Visitor[];
  owner: Visitor;
  /** the other clinic's, standing for the whole run */
  foreign: ProbeIds;
  /** the own clinic's own, which no call has used up yet */
  fresh(wanted: Wanted): Promise<ProbeIds>;
  /** a start nobody has taken */
  freeStart(): Date;
  /** signs everybody in again */
  renew(): Promise<void>;
  close(): Promise<void>;
};

/** Both owners' password. */
export const ownerPassword = "a lantern under three bridges";
/** what a clinic of these probes offers, and how much of it one question brings */
const horizonDays = 60;
const pageDays = 28;

export async function makeProcedureWorld(broken: Breakage = {}): Promise<ProcedureWorld> {
  const t = await testDatabase();
  if (broken.openPolicies) await openAllPolicies(t);
  const s = testServices(t, {}, broken.database && { db: broken.database(t.db) });
  const canary = `canary-${randomUUID()}`;
  const [own, other] = [await makeClinic(t), await makeClinic(t)];
  await nameAfter(t, other, canary);
  const before = {
    own: await s.bus.cursor(own.clinicId),
    other: await s.bus.cursor(other.clinicId),
    platform: await s.bus.platformCursor(),
  };
  const hash = await hashPassword(ownerPassword);
  await t.admin("UPDATE auth.account SET password_hash = $1", [hash]);

  const starts = { own: await startsOf(s, own), other: await startsOf(s, other) };
  const emailOf = (clinic: MadeClinic) => `owner@${clinic.slug}.example`;
  const taken = await takeTime(s, t, other, starts.other, "confirmed");
  await makeSetup(t, other, taken.bookingId);
  const foreign: ProbeIds = {
    ...other,
    ...taken,
    token: taken.token,
    cursor: before.other,
    email: emailOf(other),
  };
  const world: ProcedureWorld = {
    t,
    s,
    own,
    other,
    broken: broken.openPolicies === true,
    canary,
    visitors: [],
    owner: { name: "owner", host: "" },
    foreign,
    freeStart: () => next(starts.own),
    fresh: async (wanted) => {
      const cursor = wanted.platformCursor ? before.platform : before.own;
      const ids = { ...own, bookingId: randomUUID(), token: "", cursor, email: emailOf(own) };
      if (wanted.booking) Object.assign(ids, await takeTime(s, t, own, starts.own, wanted.booking));
      if (wanted.waiting) Object.assign(ids, await waitingFor(t, own, ids, wanted.booking ? null : next(starts.own)));
      if (wanted.emailToken) ids.token = await emailTokenOf(t, own);
      await makeSetup(t, own, wanted.booking ? ids.bookingId : null);
      if (wanted.waitingClinic) ids.clinicId = (await makeClinic(t, { status: "practice" })).clinicId;
      return ids;
    },
    renew: async () => {
      world.visitors = await visitorsOf(s, t, own, other);
      world.owner = world.visitors.find(({ name }) => name === "owner") ?? world.owner;
    },
    close: async () => {
      await closeServices(s);
      await t.close();
    },
  };
  await world.renew();
  return world;
}

/** An id of each kind that is nobody's, in the shape of the foreign one. */
export function idsOfNothing(): ProbeIds {
  return {
    clinicId: randomUUID(),
    bookingId: randomUUID(),
    serviceId: randomUUID(),
    practitionerId: randomUUID(),
    token: randomBytes(17).toString("base64url").slice(0, 22),
    cursor: `1.${randomBytes(3).toString("hex")}.1.t0.${randomBytes(17).toString("base64url").slice(0, 22)}`,
    email: `nobody-${randomUUID()}@people.example`,
  };
}

/** The other clinic's ids for one procedure: what its token opens depends on who takes it. */
export async function foreignIdsFor(world: ProcedureWorld, path: string, held: boolean): Promise<ProbeIds> {
  const { s, t, other, foreign } = world;
  if (path === "public.account.verifyEmail") return { ...foreign, token: await emailTokenOf(t, other) };
  if (!held) return foreign;
  const taken = await startsOf(s, other)
    .then((starts) => takeTime(s, t, other, starts, "held"))
    .catch((error: unknown) => {
      // Where nothing keeps clinics apart, an earlier probe may have taken the other one's service away: a leak that is
      // counted already.
      if (world.broken) return null;
      throw error;
    });
  if (!taken) return foreign;
  if (path.includes(".waitlist")) await waitingFor(t, other, taken, null);
  return { ...foreign, ...taken };
}

/** Somebody waits: for a free time, or with the held booking of these ids as their offer, under its very token. */
async function waitingFor(
  t: TestDatabase,
  clinic: MadeClinic,
  { bookingId, token }: { bookingId: string; token: string },
  free: Date | null,
): Promise<{ token: string }> {
  const [held] = await t.admin("SELECT starts_at FROM app.booking WHERE id = $1", [bookingId]);
  const start = free ?? new Date(String(held?.["starts_at"]));
  const link = free ? randomBytes(17).toString("base64url").slice(0, 22) : token;
  await makeWaiting(t, clinic, { id: bookingId, token: link, start, offered: free === null });
  // Something to be told of, for whoever listens from a place before it.
  await writeEvent(t, { clinicId: clinic.clinicId, type: "waitlist.joined", payload: { entryId: bookingId } });
  return { token: link };
}

async function visitorsOf(s: Services, t: TestDatabase, own: MadeClinic, other: MadeClinic): Promise<Visitor[]> {
  const cookies: [string, string | undefined][] = [["guest", undefined]];
  for (const role of clinicRoles) cookies.push([role, (await staffCookie(s, t, own.clinicId, role)).cookie]);
  cookies.push(["owner of the other clinic", (await staffCookie(s, t, other.clinicId, "owner")).cookie]);
  cookies.push(["admin", (await platformCookie(s, t, "admin")).cookie]);
  cookies.push(["support", (await platformCookie(s, t, "support")).cookie]);
  return cookies.map(([name, cookie]) => ({ name, host: "", cookie }));
}

/** The host of a face, as the own clinic's people see it. */
export function hostOf({ s, own }: ProcedureWorld, face: "apex" | "clinic" | "console"): string {
  if (face === "console") return consoleHost(s);
  return face === "clinic" ? clinicHost(s, own.slug) : s.env.baseDomain;
}

export function otherHost({ s, other }: ProcedureWorld): string {
  return clinicHost(s, other.slug);
}

/** Every name a clinic shows becomes the canary. */
async function nameAfter(t: TestDatabase, { clinicId }: MadeClinic, canary: string): Promise<void> {
  await t.admin("UPDATE platform.clinic SET name = $2 WHERE id = $1", [clinicId, canary]);
  await t.admin("UPDATE app.clinic_profile SET about = $2 WHERE clinic_id = $1", [clinicId, canary]);
  for (const table of ["service", "practitioner", "resource", "location"]) {
    await t.admin(`UPDATE app.${table} SET name = $2 WHERE clinic_id = $1`, [clinicId, canary]);
  }
}

async function startsOf(s: Services, clinic: MadeClinic): Promise<Date[]> {
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug) });
  const starts: Date[] = [];
  for (let ahead = 2; ahead + pageDays <= horizonDays; ahead += pageDays) {
    const from = new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const page = await call.public.booking.times({ serviceId: clinic.serviceId, who: "any", from, days: pageDays });
    starts.push(...page.days.flatMap((day) => day.times.map((time) => time.start)));
  }
  return starts;
}

function next(starts: Date[]): Date {
  const start = starts.shift();
  if (!start) throw new Error("The clinic has no free time left for these probes.");
  return start;
}

let people = 0;

async function takeTime(
  s: Services,
  t: TestDatabase,
  clinic: MadeClinic,
  starts: Date[],
  state: "held" | "confirmed" | "family",
): Promise<{ token: string; bookingId: string }> {
  people += 1;
  const call = await testCaller(s, {
    host: clinicHost(s, clinic.slug),
    ip: `172.16.${(people >> 8) & 255}.${people & 255}`,
  });
  const wish = { serviceId: clinic.serviceId, who: clinic.practitionerId, start: next(starts), key: randomUUID() };
  const person = { name: "Lerato Dube", email: `lerato-${randomUUID()}@people.example` };
  const taken =
    state === "confirmed"
      ? await call.public.booking.book({ ...wish, ...person })
      : await call.public.booking.hold(wish);
  const token = state === "family" ? await familyOf(call, taken.token, starts) : taken.token;
  // a booking that stands is a series of one, so that the id of a set is known too
  if (state === "confirmed") {
    await t.admin("UPDATE app.booking SET set_id = id, set_kind = 'series' WHERE token_hash = $1", [sha256(token)]);
  }
  const [row] = await t.admin("SELECT id FROM app.booking WHERE token_hash = $1", [sha256(token)]);
  return { token, bookingId: String(row?.["id"]) };
}

/** Two times held together instead of the one; what they take is no free start any more. */
async function familyOf(call: Awaited<ReturnType<typeof testCaller>>, token: string, starts: Date[]): Promise<string> {
  const { together } = await call.public.booking.family.propose({ token, people: 2 });
  const { visits } = await call.public.booking.family.take({ token, visits: together ?? [], key: randomUUID() });
  const gone = new Set(visits.map(({ start }) => start.getTime()));
  starts.splice(0, starts.length, ...starts.filter((start) => !gone.has(start.getTime())));
  return visits[0]?.token ?? "";
}

async function emailTokenOf(t: TestDatabase, { clinicId, ownerAccountId }: MadeClinic): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await t.admin(
    `INSERT INTO auth.email_token (id, account_id, purpose, clinic_id, expires_at)
     VALUES ($1, $2, 'verify_email', $3, now() + interval '1 hour')`,
    [sha256(token), ownerAccountId, clinicId],
  );
  return token;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
