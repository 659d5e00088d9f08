/**
 * Brings the database to what this version needs, in a process of its own: it holds the administrator's login and a
 * migration engine that the running system has no use for.
 */
import { openDatabase } from "@pulsecal/db";
import { deploy, provision } from "@pulsecal/db/migrate";
import { withoutLogin } from "./part-environment.ts";

const adminUrl = required("DATABASE_URL");
const roleSecret = required("PULSECAL_DB_ROLE_SECRET");

try {
  await deploy(adminUrl);
  await provision(adminUrl, roleSecret);
  if (process.argv.includes("--seed")) await seed();
  process.exit(); // idle connections of the migration engine would hold the process for seconds
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function seed(): Promise<void> {
  const { seedDemo } = await import("@pulsecal/db/seed");
  const db = openDatabase({ url: withoutLogin(adminUrl), roleSecret });
  try {
    // Loaded when there is something to hash or seal: the API takes a second, and only the first start needs it.
    const api = () => import("@pulsecal/api");
    const keyring = required("PULSECAL_KEYRING");
    await seedDemo(db, {
      now: new Date(),
      passwordHash: async (plain) => (await api()).hashPassword(plain),
      seal: async (clinicId, patients) => (await api()).sealDemoClinic(keyring, clinicId, patients),
    });
  } finally {
    await db.close();
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing.`);
  return value;
}
