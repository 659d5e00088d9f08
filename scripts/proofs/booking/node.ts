/** A web node of the proof in a process of its own: the product's procedures over HTTP, with pools and caches of its own. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServices, handleTrpcHttp, readEnv, type Services } from "@pulsecal/api";

const [redisPrefix = "proof"] = process.argv.slice(2);
const services = createServices(readEnv(), { redisPrefix });
const server = createServer((request, response) => {
  // A patient who hangs up in the middle of a request never sent it.
  serve(services, request, response).catch(() => response.destroy());
});
// A connection that ends between two requests would look like an answer that was lost.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));

async function serve(s: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  response.on("error", () => undefined); // or while we answer
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { host = "", ...rest } = request.headers;
  // Budgets are per address, and every patient of the proof has one of their own.
  const { "x-proof-address": ip, ...headers } = rest as Record<string, string>;
  const asked = new Request(`http://${host}${request.url}`, {
    method: request.method ?? "GET",
    headers: { ...headers, host },
    ...(request.method === "POST" ? { body: Buffer.concat(chunks) } : {}),
  });
  const answer = await handleTrpcHttp(s, asked, { ip: ip ?? "127.0.0.1" });
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
}
