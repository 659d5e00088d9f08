/** A process that serves the built web app, and on the same port a tRPC hello with zod that nothing else stands before. */
import { createServer, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServices, readEnv } from "@pulsecal/api";
import { handleHello } from "@pulsecal/api/testing";

type Handler = (request: Request, bindings: unknown) => Response | Promise<Response>;

/** The web app's own listener: it is not a dependency of the scripts. */
const fromWeb = createRequire(new URL("../../../apps/web/package.json", import.meta.url));
const { getRequestListener } = fromWeb("@hono/node-server") as {
  getRequestListener: (handle: Handler, options: { overrideGlobalObjects: boolean }) => RequestListener;
};
const bundle = new URL("../../../apps/web/build/server/index.js", import.meta.url);
const { createApp } = (await import(bundle.href)) as {
  createApp: (o: { services: unknown; assets: unknown; dev: boolean; draining: () => boolean }) => { fetch: Handler };
};

const services = createServices(readEnv());
const app = createApp({ services, assets: new Map(), dev: false, draining: () => false });
const handle: Handler = (request, bindings) =>
  new URL(request.url).pathname.startsWith("/hello/") ? handleHello(request) : app.fetch(request, bindings);

const server = createServer(getRequestListener(handle, { overrideGlobalObjects: false }));
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
