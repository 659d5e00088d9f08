/** A process that serves the product's own sockets, with room for many from one address. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachWebSocket, createServices, readEnv } from "@pulsecal/api";

const server = createServer((_, response) => response.writeHead(404).end());
attachWebSocket(server, createServices(readEnv()), { socketsPerAddress: 20_000 });
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
