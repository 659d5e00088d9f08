import { randomBytes } from "node:crypto";
import pg from "pg";
import { type Database, type DatabaseOptions, openDatabase } from "../database.ts";
import { withDatabase } from "../migrate/engine-adapter.ts";
import { closeDatabaseToPublic } from "../migrate/index.ts";
import { prepareTemplate, testRoleSecret } from "./template.ts";

export type TestDatabase = {
  db: Database;
  /** host, port and database; no credentials */
  url: string;
  roleSecret: string;
  /** the same database with the admin login */
  adminUrl: string;
  /** runs SQL on the clone as superuser, past row security */
  admin(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  /** the same in one transaction that is undone at the end, also what it did to the server's roles */
  inRollback<T>(use: (query: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** A database of its own for one test file, cloned from the template, on the server of PULSECAL_TEST_PG unless told. */
export async function testDatabase(
  options: Partial<DatabaseOptions> = {},
  server = process.env["PULSECAL_TEST_PG"],
): Promise<TestDatabase> {
  if (!server) throw new Error("Set PULSECAL_TEST_PG to a superuser login of a PostgreSQL server for tests.");
  const template = await prepareTemplate(server);
  const name = `pulsecal_test_${process.pid}_${randomBytes(6).toString("hex")}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const adminUrl = withDatabase(server, name);
  await closeDatabaseToPublic(adminUrl);

  const url = withoutCredentials(adminUrl);
  const db = openDatabase({ url, roleSecret: testRoleSecret, ...options });
  const adminPool = new pg.Pool({ connectionString: adminUrl, max: 2, application_name: "pulsecal-test-admin" });
  adminPool.on("error", () => undefined); // DROP DATABASE ends idle connections
  return {
    db,
    url,
    roleSecret: testRoleSecret,
    adminUrl,
    admin: async (sql, params = []) => (await adminPool.query(sql, params)).rows,
    inRollback: async (use) => {
      const client = await adminPool.connect();
      try {
        await client.query("BEGIN");
        return await use(async (sql) => (await client.query(sql)).rows);
      } finally {
        await client.query("ROLLBACK");
        client.release();
      }
    },
    close: async () => {
      await db.close();
      await adminPool.end();
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Runs one statement outside any clone. */
async function onServer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server, application_name: "pulsecal-test" });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withoutCredentials(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.username = "";
  url.password = "";
  return url.href;
}
