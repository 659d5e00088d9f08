import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createLogger } from "../infra/logger.ts";
import { connectRedis } from "../infra/redis.ts";
import { effectJob, openQueue } from "./queue.ts";

const redisUrl = new URL(process.env["PULSECAL_TEST_REDIS"] ?? "");

/** Redis behind a line that can be told to swallow what is sent, and to break. */
async function startLine() {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const server = createServer((client) => {
    const upstream = connect(Number(redisUrl.port || 6379), redisUrl.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => [client, upstream].map((side) => side.destroy()));
    }
    client.on("data", (chunk) => swallowing || upstream.write(chunk));
    upstream.on("data", (chunk) => client.write(chunk));
  });
  const breakOff = () => sockets.forEach((socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The same login, by another door.
  const url = new URL(redisUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    swallow: () => (swallowing = true),
    mend: () => {
      swallowing = false;
      breakOff();
    },
    close: () => {
      breakOff();
      server.close();
    },
  };
}

test("a queue that was opened while Redis did not answer takes jobs as soon as it does", async () => {
  const line = await startLine();
  const redis = connectRedis(line.url, createLogger("silent"));
  await once(redis, "ready");
  line.swallow();
  const queue = openQueue(redis, `test-${randomUUID()}`);
  queue.on("error", () => undefined);
  // longer than a command may take
  await expect(redis.ping()).rejects.toThrow("Command timed out");
  line.mend();
  await once(redis, "ready");

  const job = effectJob({ id: randomUUID(), clinicId: randomUUID() }, "confirmation");
  await queue.addBulk([job]);
  expect((await queue.getJob(job.opts.jobId))?.data).toEqual(job.data);
  await queue.obliterate({ force: true });
  await queue.close();
  redis.disconnect();
  line.close();
});
