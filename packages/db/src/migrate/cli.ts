import { runMigrateCommand } from "./command.ts";

const settings = {
  url: process.env["DATABASE_URL"],
  roleSecret: process.env["PULSECAL_DB_ROLE_SECRET"],
  now: new Date(),
  print: (line: string) => console.log(line),
};

runMigrateCommand(process.argv.slice(2), settings).then(
  // Exit at once: the engine's ten-second lock timer would keep the process waiting.
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
