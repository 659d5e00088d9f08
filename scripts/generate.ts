/** `npm run generate`: the database client, which the bootstrap has made by now, and the route types of the web app. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./services/folders.ts";
import { runCommand } from "./services/trouble.ts";

await runCommand(async () => {
  const web = join(root, "apps/web");
  const made = spawnSync(join(web, "node_modules/.bin/react-router"), ["typegen"], { cwd: web, stdio: "inherit" });
  if (made.status === 0) console.log("The database client and the route types are up to date.");
  return made.status ?? 1;
});
