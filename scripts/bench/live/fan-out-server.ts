/** A process that brings what it hears on a Redis channel to its sockets, in the way its argument says. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type FanOutMessage, fanOutModes, serveFanOut } from "@pulsecal/api/testing";
import { Redis } from "ioredis";

const [, , asked, channel = ""] = process.argv;
const mode = fanOutModes.find((name) => name === asked);
if (!mode) throw new Error(`The first argument is one of ${fanOutModes.join(", ")}.`);

const server = createServer((_, response) => response.writeHead(404).end());
const fanOut = serveFanOut(mode, server);
const redis = new Redis(process.env.PULSECAL_TEST_REDIS ?? "");
redis.on("message", (_, text) => fanOut.broadcast(JSON.parse(text) as FanOutMessage));
await redis.subscribe(channel);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
