/** `npm start`: the whole product on this machine; `npm start -- --smoke` runs the main job once against it. */
import { readFlags } from "./start/arguments.ts";
import { runProduct } from "./start/run-product.ts";
import { runCommand } from "./services/trouble.ts";

await runCommand(async () => {
  const flags = readFlags(process.argv.slice(2), { smoke: "runs the main job once and exits" });
  return await runProduct({ smoke: flags.smoke, dev: false });
});
// Sockets of the smoke run may linger; everything that had to be stopped is.
process.exit();
