import { PrismaPg } from "@prisma/adapter-pg";
import {
  type ColumnType,
  ColumnTypeEnum,
  type ConnectionInfo,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from "@prisma/driver-adapter-utils";
import pg from "pg";

/** PostgreSQL's internal "char", which the catalogs use and adapter-pg does not know. */
const CHAR_OID = 18;

/** `close` ends whatever the engine left open: freeing it does not. */
export type EngineAdapter = { factory: SqlMigrationAwareDriverAdapterFactory; close(): Promise<void> };

/**
 * The schema engine's connection to one database. Three repairs to adapter-pg 7.10, each seen failing without it:
 * scripts go as one message (it splits on ";" and so breaks `$$` bodies), "char" is a type, and the shadow database is
 * made and dropped here (its own leaves the database behind, and with a connection string replays into the real one).
 */
export function engineAdapter(url: string): EngineAdapter {
  const open = new Set<SqlDriverAdapter>();
  const opened = async (connecting: Promise<SqlDriverAdapter>) => {
    const adapter = await connecting;
    open.add(adapter);
    return adapter;
  };
  return {
    factory: {
      provider: "postgres",
      adapterName: "@pulsecal/db/migrate",
      connect: () => opened(connectTo(url, async () => undefined)),
      connectToShadowDb: () => opened(connectToShadow(url)),
    },
    close: async () => {
      for (const adapter of open) await adapter.dispose();
    },
  };
}

/** The same server and login, another database. */
export function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

async function connectToShadow(url: string): Promise<SqlDriverAdapter> {
  const shadow = `pulsecal_shadow_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await runOnce(url, `CREATE DATABASE "${shadow}" TEMPLATE template0`);
  return connectTo(withDatabase(url, shadow), () => runOnce(url, `DROP DATABASE IF EXISTS "${shadow}" WITH (FORCE)`));
}

async function connectTo(url: string, afterClose: () => Promise<void>): Promise<SqlDriverAdapter> {
  // One connection: the engine's advisory lock belongs to a session.
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: "pulsecal-migrate" });
  const base = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  return {
    provider: base.provider,
    adapterName: base.adapterName,
    queryRaw: (query) => queryRaw(pool, base, query),
    executeRaw: (query) => base.executeRaw(query),
    executeScript: (script) => executeScript(pool, script),
    startTransaction: (level) => base.startTransaction(level),
    getConnectionInfo: (): ConnectionInfo => base.getConnectionInfo(),
    dispose: async () => {
      if (pool.ending) return;
      await base.dispose();
      await afterClose();
    },
  };
}

async function queryRaw(pool: pg.Pool, base: SqlDriverAdapter, query: SqlQuery): Promise<SqlResultSet> {
  try {
    return await base.queryRaw(query);
  } catch (error) {
    if (!isUnknownCharType(error)) throw error;
    return readWithChars(pool, base, query);
  }
}

function isUnknownCharType(error: unknown): boolean {
  return error instanceof DriverAdapterError && error.cause.kind === "UnsupportedNativeDataType";
}

/** adapter-pg refuses a whole result for one "char" column, so that column is cast and the result relabelled. */
async function readWithChars(pool: pg.Pool, base: SqlDriverAdapter, query: SqlQuery): Promise<SqlResultSet> {
  const described = await pool.query({ text: query.sql, values: query.args, rowMode: "array" });
  const chars = new Set(described.fields.filter((field) => field.dataTypeID === CHAR_OID).map((field) => field.name));
  const columns = described.fields.map(({ name }) => (chars.has(name) ? `"${name}"::text` : `"${name}"`)).join(", ");
  const sql = `SELECT ${columns} FROM (${query.sql.trim().replace(/;$/, "")}) AS described`;
  const result = await base.queryRaw({ ...query, sql });
  const columnTypes = result.columnNames.map((name, at) =>
    chars.has(name) ? ColumnTypeEnum.Character : (result.columnTypes[at] as ColumnType),
  );
  return { ...result, columnTypes };
}

async function executeScript(pool: pg.Pool, script: string): Promise<void> {
  try {
    await pool.query(script);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new DriverAdapterError({
      kind: "postgres",
      code: error.code ?? "N/A",
      severity: error.severity ?? "ERROR",
      message: error.message,
      detail: error.detail,
      column: error.column,
      hint: error.hint,
      originalCode: error.code,
      originalMessage: error.message,
    });
  }
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "pulsecal-migrate" });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
