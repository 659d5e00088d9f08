/** `npm run dev`: as `npm start`, with the development server of the web app and a worker that restarts on changes. */
import { readFlags } from "./start/arguments.ts";
import { runProduct } from "./start/run-product.ts";
import { runCommand } from "./services/trouble.ts";

await runCommand(async () => {
  readFlags(process.argv.slice(2), {});
  return await runProduct({ smoke: false, dev: true });
});
process.exit();
