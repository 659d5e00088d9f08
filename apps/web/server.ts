/** The web process: pages, /trpc, /ws and /health on one port. `react-router build` has made ./build before. */
import { existsSync } from "node:fs";
import { getRequestListener } from "@hono/node-server";
import { attachWebSocket, closeServices, createServices, readEnv } from "@pulsecal/api";
import { readAssets } from "./server/assets.ts";
import { closeGently, httpServer, listen, untilQuiet } from "./server/listen.ts";

const DEADLINE_MS = 10_000;
/** A balancer has noticed within this time without a request, or has no interest in our health. */
const DRAIN = { quietMs: 500, mostMs: 4_000 };

const bundle = new URL("./build/server/index.js", import.meta.url);
if (!existsSync(bundle)) throw new Error("The web app is not built; run `npm run build` first.");

const env = readEnv();
const services = createServices(env);
const { createApp } = (await import(bundle.href)) as typeof import("./server/app.ts");
const assets = await readAssets(new URL("./build/client", import.meta.url).pathname);

let draining = false;
const app = createApp({ services, assets, dev: false, draining: () => draining });
// The runtime's own Request and Response stay as they are: libraries compare against them.
const server = httpServer(env.scheme, getRequestListener(app.fetch as never, { overrideGlobalObjects: false }));
const sockets = attachWebSocket(server, services);

async function stop(signal: string): Promise<void> {
  if (draining) return;
  draining = true;
  services.log.info({ signal }, "web is stopping");
  // Every page is asked to reconnect elsewhere while requests still come and are answered.
  await Promise.all([sockets.close(), untilQuiet(server, DRAIN)]);
  await closeGently(server, DEADLINE_MS);
  await closeServices(services);
  process.exit(0);
}
process.on("SIGTERM", (signal) => void stop(signal));
process.on("SIGINT", (signal) => void stop(signal));

try {
  await listen(server, env.port, env.bind);
  services.log.info({ port: env.port, bind: env.bind, url: services.links.apex("/") }, "web is listening");
} catch (error) {
  services.log.fatal((error as Error).message);
  await closeServices(services);
  process.exit(1);
}
