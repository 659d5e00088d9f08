/** `npm run build`: the web app for production. The servers need no build: Node runs their TypeScript as it is. */
import { runCommand } from "./services/trouble.ts";
import { readFlags } from "./start/arguments.ts";
import { buildWeb } from "./start/build-web.ts";

await runCommand(async () => {
  const { force } = readFlags(process.argv.slice(2), { force: "builds although nothing changed" });
  const built = await buildWeb((text) => console.log(text), force);
  console.log(built ? "Built into apps/web/build." : "apps/web/build is up to date.");
  return 0;
});
