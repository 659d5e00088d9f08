import pg from "pg";
import { loginRoles, rolePassword, scramVerifier } from "../role-password.ts";

/** Nobody enters a database by being somebody: PUBLIC loses CONNECT and TEMPORARY, our roles get CONNECT. */
export async function closeDatabaseToPublic(adminUrl: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    const database = client.escapeIdentifier(client.database ?? "");
    const entrants = [...loginRoles, "breakglass"].join(", ");
    await retryWhileOthersChange(() => client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`));
    await retryWhileOthersChange(() => client.query(`GRANT CONNECT ON DATABASE ${database} TO ${entrants}`));
  });
}

/** Gives every login role its password (derived from the secret), and closes the database to everybody else. */
export async function provision(adminUrl: string, roleSecret: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    for (const role of loginRoles) {
      const verifier = scramVerifier(rolePassword(roleSecret, role));
      await retryWhileOthersChange(() => client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(verifier)}`));
    }
  });
  await closeDatabaseToPublic(adminUrl);
}

/** Roles for backups and emergencies that still lack BYPASSRLS, which only a superuser (or its like) can give. */
export async function rolesWithoutBypass(adminUrl: string): Promise<string[]> {
  const roles: string[] = [];
  await asAdmin(adminUrl, async (client) => {
    const found = await client.query<{ rolname: string }>(
      "SELECT rolname FROM pg_roles WHERE rolname IN ('backup_rt', 'breakglass') AND NOT rolbypassrls ORDER BY rolname",
    );
    roles.push(...found.rows.map((row) => row.rolname));
  });
  return roles;
}

async function asAdmin(adminUrl: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: "pulsecal-provision" });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

/** Roles and databases belong to the cluster; two deploys or provisions at once meet in one catalog row ("tuple concurrently updated"). */
async function retryWhileOthersChange(change: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await change();
      return;
    } catch (error) {
      if (attempt === 20 || !(error instanceof pg.DatabaseError) || error.code !== "XX000") throw error;
    }
  }
}
