import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "../../generated/client/client.ts";
import type { TenantTx } from "../door-types.ts";
import { rolePassword } from "../role-password.ts";
import { beginForTenant, beginText, limitSettings, requireScope, runInScope } from "../scope.ts";
import { ScopedPool } from "../scoped-pool.ts";
import type { TestDatabase } from "./test-database.ts";

/** What of a pool the doors and these tests use. */
type Pool = Pick<ScopedPool, "connect" | "probe" | "end">;

type Limits = { timeoutMs?: number; serverTimeoutMs?: number; maxWaitMs?: number };

/** The application's door for one clinic's rows on a given pool of one connection, and what lies beneath it. */
export type PoolDoors = {
  /** As `withTx` of the doors; the client's limit and the server's may differ here. */
  withTx<T>(clinicId: string, work: (tx: TenantTx) => Promise<T>, limits?: Limits): Promise<T>;
  /** The next connection by hand, as the adapter takes it. */
  take(clinicId: string): Promise<Awaited<ReturnType<Pool["connect"]>>>;
  /** A query of a borrower who sets no clinic: on a clean connection it sees nobody's rows. */
  bare(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

/** The doors on the application's own pool. */
export function scopedDoors(t: TestDatabase, url = t.url): PoolDoors {
  return doorsOn(new ScopedPool(configOf(t, url), "app_rt", { pipeline: true, named: true }));
}

/** A mistake on purpose: the doors on a stock pool, which hands on every connection as it came back. */
export function carelessDoors(t: TestDatabase, url = t.url): PoolDoors {
  return doorsOn(new CarelessPool(configOf(t, url)));
}

function doorsOn(pool: Pool & pg.Pool): PoolDoors {
  const client = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: "minimal" });
  const scopeOf = (clinicId: string, limits: Limits = {}) => {
    const settings = limitSettings({ statement_timeout: limits.serverTimeoutMs });
    const begin = beginForTenant({ clinicId, actor: "system:test" }, { readOnly: false, limits: settings });
    return { role: "app_rt" as const, begin, open: true };
  };
  return {
    withTx: (clinicId, work, limits = {}) =>
      runInScope(scopeOf(clinicId, limits), () =>
        client.$transaction((tx) => work(tx), {
          maxWait: limits.maxWaitMs ?? 5_000,
          timeout: limits.timeoutMs ?? 15_000,
        }),
      ),
    take: (clinicId) => runInScope(scopeOf(clinicId), () => pool.connect()),
    bare: async (sql) => (await pool.probe(sql)).rows,
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
}

function configOf(t: TestDatabase, url: string): pg.PoolConfig {
  const { hostname, port, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    database: pathname.slice(1),
    user: "app_rt",
    password: rolePassword(t.roleSecret, "app_rt"),
    max: 1,
    connectionTimeoutMillis: 5_000,
    application_name: "pulsecal-dirty",
  };
}

/** Sets the clinic when a transaction begins, as the application's pool does, and looks at nothing afterwards. */
class CarelessPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super(config);
    const ignore = () => undefined;
    this.on("error", ignore);
    this.on("connect", (client) => client.on("error", ignore)); // a lost connection must not end the process
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the part of a client that the adapter calls
  override async connect(): Promise<any> {
    const { begin } = requireScope("app_rt");
    const client = await super.connect();
    return {
      query: (query: pg.QueryArrayConfig) => client.query(query.text === "BEGIN" ? beginText(begin) : query),
      on: client.on.bind(client),
      removeListener: client.removeListener.bind(client),
      release: () => client.release(),
    };
  }

  async probe(sql: string): Promise<pg.QueryResult> {
    const client = await super.connect();
    try {
      return await client.query(sql);
    } finally {
      client.release();
    }
  }
}
