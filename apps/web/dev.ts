/** The development server: Vite in middleware mode, the app reloaded when server code changed. */
import { getRequestListener } from "@hono/node-server";
import { attachWebSocket, createServices, readEnv } from "@pulsecal/api";
import { createServer as createVite } from "vite";
import { httpServer, listen } from "./server/listen.ts";

const env = readEnv();
const services = createServices(env);

const server = httpServer(env.scheme, (req, res) => vite.middlewares(req, res, () => void handle(req, res)));
const vite = await createVite({
  root: new URL(".", import.meta.url).pathname,
  appType: "custom",
  server: { middlewareMode: true, hmr: { server }, allowedHosts: [`.${env.baseDomain}`, env.baseDomain] },
});
// Vite's own socket shares the server; attachWebSocket only answers /ws.
attachWebSocket(server, services);

type AppModule = typeof import("./server/app.ts");
type Listener = ReturnType<typeof getRequestListener>;
let loaded: { module: AppModule; listener: Listener } | undefined;

async function handle(...[req, res]: Parameters<Listener>): Promise<void> {
  try {
    const module = (await vite.ssrLoadModule("./server/app.ts")) as AppModule;
    if (loaded?.module !== module) {
      const app = module.createApp({ services, assets: new Map(), dev: true, draining: () => false });
      loaded = { module, listener: getRequestListener(app.fetch as never, { overrideGlobalObjects: false }) };
    }
    await loaded.listener(req, res);
  } catch (error) {
    vite.ssrFixStacktrace(error as Error);
    services.log.error({ err: error }, "the app did not load");
    res.statusCode = 500;
    res.end("The app did not load; see the log.");
  }
}

await listen(server, env.port, env.bind);
services.log.info({ url: services.links.apex("/") }, "dev server is listening");
