/** `npm run db -- deploy | status | check | create NAME`: the migrations, on DATABASE_URL or on the clone's own server. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./services/folders.ts";
import { startPostgres } from "./services/postgres.ts";
import { runCommand, Trouble } from "./services/trouble.ts";
import { withKeptDatabase } from "./start/kept-database.ts";

const USAGE = "npm run db -- deploy | status | check | create NAME";

await runCommand(async () => {
  const args = process.argv.slice(2);
  switch (args[0]) {
    case "deploy":
    case "status":
      return await withKeptDatabase(({ adminUrl }) => migrate(args, adminUrl));
    case "check":
    case "create":
      return await onScratchServer((adminUrl) => migrate(args, adminUrl));
    default:
      throw new Trouble(`Usage: ${USAGE}`);
  }
});

// These two replay the migrations in a shadow database; a throw-away server serves when none was named.
async function onScratchServer(use: (adminUrl: string) => Promise<number>): Promise<number> {
  const server = await startPostgres({ ephemeral: !process.env.DATABASE_URL });
  try {
    return await use(server.url);
  } finally {
    await server.stop();
  }
}

function migrate(args: string[], adminUrl: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const cli = spawn(process.execPath, [join(root, "packages/db/src/migrate/cli.ts"), ...args], {
      stdio: "inherit",
      env: { ...process.env, DATABASE_URL: adminUrl },
    });
    cli.once("error", reject);
    cli.once("close", (code) => resolve(code ?? 1));
  });
}
