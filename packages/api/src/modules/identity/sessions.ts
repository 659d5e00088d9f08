import { clinicRoles, platformRoles } from "@pulsecal/core";
import type { ClinicRole, PlatformRole } from "@pulsecal/core";
import type { Database } from "@pulsecal/db";
import { Lucia, TimeSpan } from "lucia";
import type { Adapter } from "lucia";
import { hashToken } from "../../infra/tokens.ts";

// The only file that knows lucia. It gives ids, expiry and sliding; the adapter below keeps what it may not decide:
// the database stores only SHA-256 of an id, and the database's clock says what has expired.

declare module "lucia" {
  interface Register {
    Lucia: Lucia<SessionAttributes>;
    DatabaseSessionAttributes: SessionAttributes;
  }
}

type SessionAttributes = { clinicId: string | null; subject?: Subject };

export type SessionKind = "staff" | "platform";

/** A clinic as a request knows it. */
export type ClinicRow = { id: string; slug: string; name: string; status: string; zone: string };

type Person = { accountId: string; email: string; name: string; sessionHash: string };
export type StaffSession = Person & { kind: "staff"; role: ClinicRole; clinicId: string; clinic: ClinicRow };
export type PlatformSession = Person & { kind: "platform"; role: PlatformRole };

type Subject = Omit<Row, "account_id" | "remaining_ms">;

type Row = {
  account_id: string;
  remaining_ms: number;
  email: string;
  name: string;
  platform_role: string | null;
  role: string | null;
  clinic_id: string | null;
  slug: string | null;
  clinic_name: string | null;
  status: string | null;
  zone: string | null;
};

/** Idle and absolute limits; using a session moves the first, nothing moves the second. */
export const lifetimes = {
  staff: { idleHours: 12, absoluteHours: 7 * 24 },
  platform: { idleHours: 2, absoluteHours: 12 },
} as const satisfies Record<SessionKind, { idleHours: number; absoluteHours: number }>;

export type Sessions = {
  /** A new session with a new secret; the secret is returned once and never stored. */
  start(kind: SessionKind, accountId: string, clinicId: string | null): Promise<{ token: string }>;
  staff(token: string): Promise<StaffSession | null>;
  platform(token: string): Promise<PlatformSession | null>;
  /** Ends the session; returns whose it was. */
  end(kind: SessionKind, token: string): Promise<{ accountId: string } | null>;
  /** Which of these sessions still stand, each with its present role. */
  standing(hashes: string[]): Promise<Map<string, string>>;
};

/** Sessions of both kinds over the account door. */
export function createSessions(db: Database): Sessions {
  const lucias = { staff: luciaFor(db, "staff"), platform: luciaFor(db, "platform") };

  async function subjectOf(kind: SessionKind, token: string): Promise<(Person & { subject: Subject }) | null> {
    if (!isToken(token)) return null;
    const { session } = await lucias[kind].validateSession(token);
    if (!session?.subject) return null;
    const { subject } = session;
    return {
      accountId: session.userId,
      email: subject.email,
      name: subject.name,
      sessionHash: hashToken(token),
      subject,
    };
  }

  return {
    async start(kind, accountId, clinicId) {
      const session = await lucias[kind].createSession(accountId, { clinicId });
      return { token: session.id };
    },
    async staff(token) {
      const found = await subjectOf("staff", token);
      if (!found) return null;
      const { subject, ...person } = found;
      const { clinic_id: id, slug, clinic_name: name, status, zone } = subject;
      const role = clinicRoles.find((known) => known === subject.role);
      if (!role || !id || !slug || !name || !status || !zone) return null;
      return { ...person, kind: "staff", role, clinicId: id, clinic: { id, slug, name, status, zone } };
    },
    async platform(token) {
      const found = await subjectOf("platform", token);
      if (!found) return null;
      const { subject, ...person } = found;
      const role = platformRoles.find((known) => known === subject.platform_role);
      return role ? { ...person, kind: "platform", role } : null;
    },
    async end(kind, token) {
      if (!isToken(token)) return null;
      const [row] = await db.withAuth(
        (tx) => tx.$queryRaw<{ account_id: string }[]>`
          delete from auth.session where id = ${hashToken(token)} and kind = ${kind} returning account_id::text`,
      );
      return row ? { accountId: row.account_id } : null;
    },
    async standing(hashes) {
      if (hashes.length === 0) return new Map();
      const rows = await db.readAuth(
        (auth) => auth.$queryRaw<{ id: string; role: string }[]>`
          select s.id, case when s.kind = 'staff' then m.role else a.platform_role end as role
          from auth.session s
          join auth.account a on a.id = s.account_id and a.disabled_at is null
          left join auth.member m on m.clinic_id = s.clinic_id and m.account_id = s.account_id
          where s.id = any(${hashes}) and s.expires_at > clock_timestamp() and s.absolute_expires_at > clock_timestamp()`,
      );
      return new Map(rows.filter((row) => row.role !== null).map((row) => [row.id, row.role]));
    },
  };
}

/** Lucia makes 40 base32 characters (25 random bytes); anything else never reaches the database. */
function isToken(token: string): boolean {
  return /^[a-z2-7]{40}$/.test(token);
}

function luciaFor(db: Database, kind: SessionKind): Lucia<SessionAttributes> {
  return new Lucia(hashingAdapter(db, kind), {
    sessionExpiresIn: new TimeSpan(lifetimes[kind].idleHours, "h"),
    getSessionAttributes: (attributes) => attributes,
  });
}

function hashingAdapter(db: Database, kind: SessionKind): Adapter {
  const { idleHours, absoluteHours } = lifetimes[kind];
  return {
    async getSessionAndUser(id) {
      const [row] = await db.readAuth(
        (auth) => auth.$queryRaw<Row[]>`
        select s.account_id::text, a.email, a.name, a.platform_role, m.role,
          c.id::text as clinic_id, c.slug, c.name as clinic_name, c.status, c.zone,
          -- at its absolute limit a session slides no further, so lucia is told that nothing is due
          case when s.expires_at >= s.absolute_expires_at then ${idleHours}::float8 * 3600000
            else extract(epoch from s.expires_at - clock_timestamp())::float8 * 1000 end as remaining_ms
        from auth.session s
        join auth.account a on a.id = s.account_id and a.disabled_at is null
        left join auth.member m on m.clinic_id = s.clinic_id and m.account_id = s.account_id
        left join platform.clinic c on c.id = s.clinic_id
        where s.id = ${hashToken(id)} and s.kind = ${kind}
          and s.expires_at > clock_timestamp() and s.absolute_expires_at > clock_timestamp()`,
      );
      if (!row) return [null, null];
      const { account_id: userId, remaining_ms: remaining, ...subject } = row;
      // Lucia compares with the application's clock; what it gets is the time left by the database's.
      const expiresAt = new Date(Date.now() + remaining);
      return [
        { id, userId, expiresAt, attributes: { clinicId: row.clinic_id, subject } },
        { id: userId, attributes: {} },
      ];
    },
    async setSession({ id, userId, attributes }) {
      await db.withAuth(
        (tx) => tx.$executeRaw`
        insert into auth.session (id, account_id, kind, clinic_id, created_at, expires_at, absolute_expires_at)
        values (${hashToken(id)}, ${userId}::uuid, ${kind}, ${attributes.clinicId}::uuid, clock_timestamp(),
          clock_timestamp() + ${idleHours}::int * interval '1 hour', clock_timestamp() + ${absoluteHours}::int * interval '1 hour')`,
      );
    },
    async updateSessionExpiration(id) {
      await db.withAuth(
        (tx) => tx.$executeRaw`
        update auth.session
        set expires_at = least(clock_timestamp() + ${idleHours}::int * interval '1 hour', absolute_expires_at)
        where id = ${hashToken(id)}`,
      );
    },
    async deleteSession(id) {
      await db.withAuth((tx) => tx.session.deleteMany({ where: { id: hashToken(id) } }));
    },
    async deleteUserSessions(userId) {
      await db.withAuth((tx) => tx.session.deleteMany({ where: { accountId: userId } }));
    },
    async deleteExpiredSessions() {
      await db.withAuth(
        (tx) => tx.$executeRaw`
        delete from auth.session where expires_at <= clock_timestamp() or absolute_expires_at <= clock_timestamp()`,
      );
    },
    // Ids are not kept, so a list of sessions cannot be made of them.
    async getUserSessions() {
      return [];
    },
  };
}
