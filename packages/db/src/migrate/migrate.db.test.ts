import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rolePassword } from "../role-password.ts";
import { lintCatalog } from "../lint/catalog-lint.ts";
import { testRoleSecret } from "../testing/template.ts";
import { runMigrateCommand } from "./command.ts";
import { withDatabase } from "./engine-adapter.ts";
import { check, create, deploy, type MigrationFolders, projectFolders, provision, status } from "./index.ts";

const server = process.env["PULSECAL_TEST_PG"] ?? "";
const all = [
  "20261121170000_roles",
  "20261121170100_tables",
  "20261121170200_isolation",
  "20261121170300_rules",
  "20261121180000_write_path",
  "20261121190000_sealed",
  "20261121230000_scheduling_depth",
  "20261121230201_general_writes",
  "20261121230400_calendar_and_waitlist",
  "20261122030100_take_time_sees_more",
];

describe("the migration runner", () => {
  let admin: pg.Client;
  let url: string;
  let database: string;
  let folders: MigrationFolders;
  let copy: string;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server });
    await admin.connect();
  });
  afterAll(() => admin.end());
  beforeEach(async () => {
    database = `pulsecal_migrate_${process.pid}_${randomBytes(5).toString("hex")}`;
    await admin.query(`CREATE DATABASE ${database} TEMPLATE template0`);
    url = withDatabase(server, database);
    copy = await mkdtemp(join(tmpdir(), "pulsecal-migrations-"));
    await cp(join(projectFolders.migrations, ".."), copy, { recursive: true });
    folders = { schema: join(copy, "schema"), migrations: join(copy, "migrations") };
  });
  afterEach(async () => {
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await rm(copy, { recursive: true });
  });

  async function query(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  const edit = (file: string, change: (text: string) => string) =>
    readFile(file, "utf8").then((text) => writeFile(file, change(text)));
  const migration = (name: string) => join(folders.migrations, name, "migration.sql");
  const none = { pending: [], unknown: [], edited: [], failed: [] };

  test("deploys everything once; the second deploy is a no-op; the result passes the lint", async () => {
    expect(await status(url)).toEqual({ ...none, pending: all });
    expect(await deploy(url)).toEqual(all);
    expect(await deploy(url)).toEqual([]);
    expect(await status(url)).toEqual(none);
    expect(await lintCatalog(query)).toEqual([]);
  });

  test("concurrent deploys apply each migration once", async () => {
    const applied = await Promise.all([deploy(url), deploy(url), deploy(url)]);
    expect(applied.flat().sort()).toEqual(all);
    expect(await query("SELECT count(*)::int AS n FROM _prisma_migrations WHERE finished_at IS NOT NULL")).toEqual([
      { n: all.length },
    ]);
  });

  test("an applied migration that was edited is named and stops the deploy", async () => {
    await deploy(url, folders);
    await edit(migration("20261121170300_rules"), (text) => `${text}\n-- harmless, but not what ran\n`);
    expect((await status(url, folders)).edited).toEqual(["20261121170300_rules"]);
    await expect(deploy(url, folders)).rejects.toThrow("20261121170300_rules");
  });

  test("a database ahead of the checkout stops the deploy", async () => {
    await deploy(url, folders);
    await rm(join(folders.migrations, "20261121170300_rules"), { recursive: true });
    expect((await status(url, folders)).unknown).toEqual(["20261121170300_rules"]);
    await expect(deploy(url, folders)).rejects.toThrow("this checkout lacks");
  });

  test("a failing migration leaves nothing of itself and blocks the next deploy", async () => {
    await deploy(url, folders);
    const name = await create(url, "broken", new Date("2027-01-01T00:00:00Z"), folders);
    await writeFile(migration(name), "CREATE TABLE app.half (id int);\nSELECT 1 / 0;\n");
    await expect(deploy(url, folders)).rejects.toThrow("division by zero");
    expect(await query("SELECT to_regclass('app.half') AS half")).toEqual([{ half: null }]);
    expect((await status(url, folders)).failed).toEqual([name]);
    await expect(deploy(url, folders)).rejects.toThrow("found failed migrations");
  });

  test("function bodies and quoted semicolons survive, and drift is found, written as a migration and gone; no shadow database stays", async () => {
    await edit(join(folders.schema, "booking.prisma"), (text) =>
      text.replace("  name        String\n", "  name        String\n  nickname    String?\n"),
    );
    expect(await check(url, folders)).toContain("nickname");

    const name = await create(url, "nickname", new Date("2027-01-01T00:00:00Z"), folders);
    expect(name).toBe("20270101000000_nickname");
    await edit(
      migration(name),
      (text) => `${text}\nCREATE FUNCTION app.two() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN ';'; END; $$;\n`,
    );
    expect(await check(url, folders)).toBeNull();
    expect(await deploy(url, folders)).toEqual([...all, name]);
    expect(await query("SELECT app.two() AS two")).toEqual([{ two: ";" }]);
    const { rows } = await admin.query("SELECT FROM pg_database WHERE datname LIKE $1", [
      `pulsecal_shadow_${process.pid}_%`,
    ]);
    expect(rows).toEqual([]);
    await expect(create(url, "Not A Name", new Date(), folders)).rejects.toThrow("a-z");
  });

  test("a database owner with CREATEROLE who is no superuser can deploy where the roles exist", async () => {
    await deploy(url); // makes sure of the roles, which a fresh server lacks
    const role = `pulsecal_creator_${randomBytes(4).toString("hex")}`;
    await admin.query(`CREATE ROLE ${role} LOGIN CREATEROLE PASSWORD 'creator'; GRANT app_owner TO ${role}`);
    const other = `${database}_o`;
    try {
      await admin.query(`CREATE DATABASE ${other} OWNER ${role} TEMPLATE template0`);
      const login = new URL(withDatabase(server, other));
      login.username = role;
      login.password = "creator";
      expect(await deploy(login.href)).toEqual(all);
    } finally {
      await admin.query(`DROP DATABASE IF EXISTS ${other} WITH (FORCE)`);
      await admin.query(`REVOKE app_owner FROM ${role}`);
      await admin.query(`DROP ROLE ${role}`);
    }
  });

  test("the migrator, member of app_owner and nothing more, applies the next migration", async () => {
    await deploy(url, folders);
    await provision(url, testRoleSecret);
    const name = await create(url, "more", new Date("2027-01-01T00:00:00Z"), folders);
    await edit(migration(name), () => "SET ROLE app_owner;\nCREATE TABLE app.more (id int);\nRESET ROLE;\n");
    const login = new URL(url);
    login.username = "migrator";
    login.password = rolePassword(testRoleSecret, "migrator");
    expect(await deploy(login.href, folders)).toEqual([name]);
    expect(await query("SELECT tableowner FROM pg_tables WHERE tablename = 'more'")).toEqual([
      { tableowner: "app_owner" },
    ]);
  });

  test("provisioning is safe to run at the same moment from several places", async () => {
    await deploy(url);
    // The secret of all test databases: roles belong to the server, and other tests log in with it meanwhile.
    await Promise.all([1, 2, 3, 4].map(() => provision(url, testRoleSecret)));
    const { rows } = await admin.query(
      "SELECT count(*)::int AS n FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$%'",
    );
    expect(rows[0].n).toBeGreaterThanOrEqual(6);
  });

  test("the command line says what it did and answers 0 or 2", async () => {
    const lines: string[] = [];
    const settings = {
      url,
      roleSecret: undefined,
      now: new Date("2027-01-01T00:00:00Z"),
      print: (line: string) => lines.push(line),
      folders,
    };
    expect(await runMigrateCommand(["status"], settings)).toBe(2);
    expect(await runMigrateCommand(["deploy"], settings)).toBe(0);
    expect(await runMigrateCommand(["deploy"], settings)).toBe(0);
    expect(await runMigrateCommand(["status"], settings)).toBe(0);
    expect(await runMigrateCommand(["check"], settings)).toBe(0);
    expect(await runMigrateCommand(["create", "empty"], settings)).toBe(0);
    expect(lines).toEqual(expect.arrayContaining([`Applied: ${all.join(", ")}`, "Nothing to apply.", "failed: none"]));
    expect(lines.at(-1)).toBe("Wrote prisma/migrations/20270101000000_empty/migration.sql");
    const lacking = await admin.query(
      "SELECT FROM pg_roles WHERE rolname IN ('backup_rt', 'breakglass') AND NOT rolbypassrls",
    );
    expect(await runMigrateCommand(["provision"], { ...settings, roleSecret: testRoleSecret })).toBe(0);
    expect(lines.filter((line) => line.includes("BYPASSRLS"))).toHaveLength(lacking.rowCount ?? 0);
    await expect(runMigrateCommand(["provision"], settings)).rejects.toThrow("PULSECAL_DB_ROLE_SECRET");
    await expect(runMigrateCommand(["create"], settings)).rejects.toThrow("create NAME");
    await expect(runMigrateCommand(["undo"], settings)).rejects.toThrow("deploy | status");
    await expect(runMigrateCommand(["deploy"], { ...settings, url: undefined })).rejects.toThrow("DATABASE_URL");
  });
});
