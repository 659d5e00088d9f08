import { type TestDatabase, makeClinic, testDatabase } from "@pulsecal/db/testing";
import type { MadeClinic } from "@pulsecal/db/testing";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import superjson from "superjson";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { inTx } from "./infra/in-tx.ts";
import { announce } from "./infra/outbox.ts";
import { closeServices } from "./infra/services.ts";
import type { Services } from "./infra/services.ts";
import type { AppRouter } from "./root.ts";
import { clinicHost, staffCookie } from "./testing/people.ts";
import { socketServer } from "./testing/socket-client.ts";
import { testServices } from "./testing/test-services.ts";

let t: TestDatabase;
let s: Services;
let clinic: MadeClinic;

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
  clinic = await makeClinic(t);
});

afterAll(async () => {
  await closeServices(s);
  await t.close();
});

function write(): Promise<{ id: string }> {
  const { clinicId } = clinic;
  return inTx({ s, clinicId, actor: "system:test" }, (tx) =>
    announce(tx, { clinicId, type: "hours.changed", payload: { resourceId: clinicId } }),
  );
}

test("the stock tRPC client misses nothing and repeats nothing while its sockets are renewed under it", async () => {
  const server = await socketServer(s, { maxAgeMs: 150, graceMs: 20 });
  const host = clinicHost(s, clinic.slug);
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  let dialled = 0;
  class BrowserSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { host, origin: `http://${host}`, cookie } });
      dialled++;
    }
  }
  const socket = createWSClient({
    url: `ws://127.0.0.1:${server.port}/ws`,
    WebSocket: BrowserSocket as unknown as typeof globalThis.WebSocket,
    retryDelayMs: () => 5,
  });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer: superjson })] });
  const ids: string[] = [];
  const cursor = await s.bus.cursor(clinic.clinicId);
  const subscription = client.staff.live.events.subscribe(
    { lastEventId: cursor },
    { onData: (message) => ids.push(message.id), onError: (error) => ids.push(`error: ${error.message}`) },
  );
  const total = 60;
  for (let n = 1; n <= total; n++) {
    await write();
    // Writing goes on until the sockets have been renewed several times.
    if (n % 10 === 0) await expect.poll(() => dialled, { timeout: 10_000 }).toBeGreaterThan(n / 10);
  }
  await expect.poll(() => ids.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(total);
  subscription.unsubscribe();
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(total);
  await socket.close();
  await server.close();
}, 40_000);
