import pg from "pg";
import { withDatabase } from "../migrate/engine-adapter.ts";
import { deploy, hashMigrations, projectFolders, provision } from "../migrate/index.ts";

export const testRoleSecret = "role secret of test databases, used nowhere else";

/**
 * A migrated database to clone, named after a hash of the migrations. Safe when called by many processes at once: the
 * first makes it, the others wait. A half-made one (its maker died) is made again.
 */
export async function prepareTemplate(adminUrl: string): Promise<string> {
  const name = `pulsecal_template_${await hashMigrations(projectFolders)}`;
  const client = new pg.Client({ connectionString: adminUrl, application_name: "pulsecal-test-template" });
  await client.connect();
  try {
    if (await isReady(client, name)) return name;
    await client.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [name]);
    if (await isReady(client, name)) return name;
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    await deploy(withDatabase(adminUrl, name));
    await provision(withDatabase(adminUrl, name), testRoleSecret);
    await client.query(`ALTER DATABASE ${name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    return name;
  } finally {
    await client.end();
  }
}

async function isReady(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1 AND datistemplate", [name]);
  return rowCount === 1;
}
