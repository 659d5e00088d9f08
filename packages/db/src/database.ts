import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../generated/client/client.ts";
import {
  type AuthClient,
  type AuthReads,
  type AuthTx,
  authOmit,
  doorMembers,
  type PlatformTx,
  type RawQuery,
  type SystemTx,
  type TenantDb,
  type TenantTx,
  type WriteOnce,
} from "./door-types.ts";
import { newId } from "./ids.ts";
import { narrowTo, withoutBatching } from "./narrow.ts";
import { justOnce, rawQueryOf } from "./raw-query.ts";
import { rolePassword } from "./role-password.ts";
import {
  type Begin,
  beginForNoClinic,
  beginForPlatform,
  beginForTenant,
  checkedName,
  limitSettings,
  type RuntimeRole,
  runInScope,
  type TenantContext,
} from "./scope.ts";
import { ScopedPool } from "./scoped-pool.ts";
import type { Patience } from "./silence.ts";
import { refuseUnsafeServer } from "./server-version.ts";

type PoolName = "app" | "auth" | "platform" | "relay";

export type DatabaseOptions = {
  /** host, port and database; no credentials */
  url: string;
  /** the role passwords are derived from it */
  roleSecret: string;
  /** most connections per role */
  pool?: Partial<Record<PoolName, number>>;
  /** prepared statements kept per connection; off behind PgBouncer older than 1.21 */
  namedStatements?: boolean;
  /** several statements under way at once in a transaction; off sends one after the other */
  pipeline?: boolean;
  /** how long a silent server is waited for; by role when left out */
  patience?: Patience;
};

export type TxOptions = { timeoutMs?: number; lockTimeoutMs?: number; maxWaitMs?: number };

/** The doors. Nothing outside this package can reach a row except through one of them. */
export interface Database {
  /** Reads one clinic's rows; every query is one round trip. */
  withTenant<T>(context: TenantContext, fn: (db: TenantDb) => Promise<T>): Promise<T>;
  /** One transaction on one clinic's rows. */
  withTx<T>(context: TenantContext, fn: (tx: TenantTx) => Promise<T>, options?: TxOptions): Promise<T>;
  /** One statement that writes one clinic's rows: a transaction of its own in one round trip, and no second one. */
  writeOnce<T>(context: TenantContext, fn: (db: WriteOnce) => Promise<T>): Promise<T>;
  /** Reads accounts and sessions, before a clinic is known; every query is one round trip. */
  readAuth<T>(fn: (db: AuthReads) => Promise<T>): Promise<T>;
  /** One transaction on accounts and sessions, before a clinic is known. */
  withAuth<T>(fn: (tx: AuthTx) => Promise<T>): Promise<T>;
  /** One transaction of a platform admin; leaves an audit row, in the clinic's own log too when it touches one. */
  withPlatform<T>(
    actor: { accountId: string },
    reason: string,
    action: string,
    fn: (tx: PlatformTx) => Promise<T>,
    clinicId?: string,
  ): Promise<T>;
  /** One transaction of the machinery: relay and host names. */
  withSystem<T>(name: string, fn: (tx: SystemTx) => Promise<T>): Promise<T>;
  /** Asks each pool's server one question; throws when one cannot answer or is unsafe. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const poolOf: Record<RuntimeRole, { name: PoolName; size: number }> = {
  app_rt: { name: "app", size: 10 },
  auth_rt: { name: "auth", size: 4 },
  platform_rt: { name: "platform", size: 3 },
  relay_rt: { name: "relay", size: 3 },
};

/** Opens the doors. Connections are made when first needed. */
export function openDatabase(options: DatabaseOptions): Database {
  const nameOf = options.namedStatements === false ? undefined : statementNames();
  const connect = (role: RuntimeRole) => {
    const pool = openPool(options, role);
    return { pool, adapter: new PrismaPg(pool, nameOf ? { statementNameGenerator: nameOf } : {}) };
  };
  const [app, auth, platform, relay] = [
    connect("app_rt"),
    connect("auth_rt"),
    connect("platform_rt"),
    connect("relay_rt"),
  ];
  // Prisma's longer messages quote the call with its values; patients' names would end up in logs.
  const errorFormat = "minimal";
  const clients = {
    app: new PrismaClient({ adapter: app.adapter, errorFormat }),
    auth: new PrismaClient({ adapter: auth.adapter, errorFormat, omit: authOmit }) as AuthClient,
    platform: new PrismaClient({ adapter: platform.adapter, errorFormat }),
    relay: new PrismaClient({ adapter: relay.adapter, errorFormat }),
  };
  const raw = { app: rawQueryOf(app.pool, nameOf), auth: rawQueryOf(auth.pool, nameOf) };
  const reads = readView(clients.app, raw.app);

  return {
    withTenant: (context, fn) =>
      runInScope(scopeOf("app_rt", beginForTenant(context, { readOnly: true })), async () => fn(reads)),

    withTx: (context, fn, limits = {}) => {
      const settings = limitSettings({ statement_timeout: limits.timeoutMs, lock_timeout: limits.lockTimeoutMs });
      const scope = scopeOf("app_rt", beginForTenant(context, { readOnly: false, limits: settings }));
      return runInScope(scope, () =>
        clients.app.$transaction((tx) => fn(narrowTo<TenantTx>(tx, [...doorMembers.tenantDb, "$executeRaw"])), {
          maxWait: limits.maxWaitMs ?? 5_000,
          timeout: limits.timeoutMs ?? 15_000,
        }),
      );
    },

    writeOnce: (context, fn) =>
      runInScope(scopeOf("app_rt", beginForTenant(context, { readOnly: false })), async () => fn(justOnce(raw.app))),

    readAuth: (fn) => runInScope(scopeOf("auth_rt", beginForNoClinic({ readOnly: true })), async () => fn(raw.auth)),

    withAuth: (fn) =>
      runInScope(scopeOf("auth_rt", beginForNoClinic()), () =>
        clients.auth.$transaction((tx) => fn(narrowTo<AuthTx>(tx, doorMembers.auth)), {
          maxWait: 5_000,
          timeout: 10_000,
        }),
      ),

    withPlatform: (actor, reason, action, fn, clinicId) =>
      runInScope(scopeOf("platform_rt", beginForPlatform(actor.accountId, clinicId)), () =>
        clients.platform.$transaction(
          async (tx) => {
            await leaveTrace(tx, { accountId: actor.accountId, reason, action, clinicId });
            return fn(narrowTo<PlatformTx>(tx, doorMembers.platform));
          },
          { maxWait: 5_000, timeout: 15_000 },
        ),
      ),

    withSystem: (name, fn) => {
      checkedName(name);
      return runInScope(scopeOf("relay_rt", beginForNoClinic()), () =>
        clients.relay.$transaction((tx) => fn(narrowTo<SystemTx>(tx, doorMembers.system)), {
          maxWait: 5_000,
          timeout: 15_000,
        }),
      );
    },

    check: async () => {
      await Promise.all([app, auth, platform, relay].map(({ pool }) => refuseUnsafeServer(pool)));
    },

    close: async () => {
      await Promise.all(Object.values(clients).map((client) => client.$disconnect()));
      await Promise.all([app, auth, platform, relay].map(({ pool }) => pool.end()));
    },
  };
}

function scopeOf(role: RuntimeRole, begin: Begin) {
  return { role, begin, open: true };
}

function openPool(options: DatabaseOptions, role: RuntimeRole): ScopedPool {
  const url = new URL(options.url);
  const { name, size } = poolOf[role];
  const config = {
    host: decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: sslOf(url),
    user: role,
    password: rolePassword(options.roleSecret, role),
    max: options.pool?.[name] ?? size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    application_name: `pulsecal-${name}`,
  };
  return new ScopedPool(config, role, {
    pipeline: options.pipeline !== false,
    named: options.namedStatements !== false,
    ...(options.patience ? { patience: options.patience } : {}),
  });
}

/** `?sslmode=` as PostgreSQL's tools mean it: require encrypts, verify-* also checks the certificate. */
function sslOf(url: URL): boolean | { rejectUnauthorized: boolean } {
  const mode = url.searchParams.get("sslmode") ?? "disable";
  if (mode === "disable") return false;
  return { rejectUnauthorized: mode.startsWith("verify") };
}

function readView(client: PrismaClient, raw: RawQuery): TenantDb {
  const models = doorMembers.tenantDb.filter((name) => name !== "$queryRaw");
  const members = client as unknown as Record<string, object>;
  const delegates = models.map((name) => [name, withoutBatching(members[name] as object)] as const);
  return Object.freeze({ ...Object.fromEntries(delegates), ...raw }) as TenantDb;
}

/** Names for the first few hundred statement texts; a text with a long list of ids must not fill the server's memory. */
function statementNames(most = 400): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= most) return "";
    const name = `p${createHash("sha256").update(sql).digest("base64url").slice(0, 30)}`;
    names.set(sql, name);
    return name;
  };
}

type Trace = { accountId: string; reason: string; action: string; clinicId: string | undefined };

async function leaveTrace(tx: Pick<PrismaClient, "platformAudit" | "auditLog">, trace: Trace): Promise<void> {
  const { accountId, reason, action, clinicId } = trace;
  await tx.platformAudit.createMany({ data: { id: newId(), actorId: accountId, reason, action, clinicId } });
  if (clinicId === undefined) return;
  // createMany: platform_rt may write this row and not read it back.
  await tx.auditLog.createMany({
    data: { clinicId, id: newId(), actor: `platform:${accountId}`, action, entity: "clinic", entityId: clinicId },
  });
}
