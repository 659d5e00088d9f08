import { check, create, deploy, type MigrationStatus, status } from "./migrate.ts";
import { type MigrationFolders, projectFolders } from "./migration-files.ts";
import { provision, rolesWithoutBypass } from "./provision.ts";

const usage = `migrate deploy | status | check | create NAME | provision
  DATABASE_URL              an admin login of the database
  PULSECAL_DB_ROLE_SECRET   for provision: the secret the role passwords are derived from`;

export type MigrateSettings = {
  url: string | undefined;
  roleSecret: string | undefined;
  now: Date;
  print: (line: string) => void;
  folders?: MigrationFolders;
};

/** One command of the migration runner. Returns the exit code: 0 fine, 2 the histories or the schema differ. */
export async function runMigrateCommand(args: readonly string[], settings: MigrateSettings): Promise<number> {
  const { url, print, folders = projectFolders } = settings;
  const [command, name] = args;
  if (!url) throw new Error("Set DATABASE_URL to an admin login of the database.");
  switch (command) {
    case "deploy": {
      const applied = await deploy(url, folders);
      print(applied.length === 0 ? "Nothing to apply." : `Applied: ${applied.join(", ")}`);
      return 0;
    }
    case "status":
      return printStatus(await status(url, folders), print);
    case "check": {
      const drift = await check(url, folders);
      print(drift ?? "The migrations and the schema agree.");
      return drift === null ? 0 : 2;
    }
    case "create":
      if (!name) throw new Error(usage);
      print(`Wrote prisma/migrations/${await create(url, name, settings.now, folders)}/migration.sql`);
      return 0;
    case "provision":
      if (!settings.roleSecret)
        throw new Error("Set PULSECAL_DB_ROLE_SECRET, the secret the role passwords are derived from.");
      await provision(url, settings.roleSecret);
      print("Role passwords set.");
      for (const role of await rolesWithoutBypass(url))
        print(`A superuser must still run: ALTER ROLE ${role} BYPASSRLS`);
      return 0;
    default:
      throw new Error(usage);
  }
}

function printStatus(found: MigrationStatus, print: (line: string) => void): number {
  for (const [what, names] of Object.entries(found)) print(`${what}: ${names.join(", ") || "none"}`);
  return Object.values(found).some((names) => names.length > 0) ? 2 : 0;
}
