import { createServer, type Server } from "node:http";

export type Health = { ready: boolean } & Record<string, unknown>;

/** Serves /health, /health/live and /health/ready. Anything else is 404. */
export function serveHealth(o: { port: number; host: string; check: () => Promise<Health> }): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request.url ?? "", o.check).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(body));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(o.port, o.host, () => resolve(server));
  });
}

async function answer(url: string, check: () => Promise<Health>): Promise<{ status: number; body: object }> {
  if (url === "/health/live") return { status: 200, body: { live: true } };
  if (url !== "/health" && url !== "/health/ready") return { status: 404, body: { error: "not_found" } };
  const health = await check().catch((): Health => ({ ready: false }));
  return { status: health.ready ? 200 : 503, body: health };
}
