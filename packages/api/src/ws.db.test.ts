import { type TestDatabase, makeClinic, testDatabase } from "@pulsecal/db/testing";
import type { MadeClinic } from "@pulsecal/db/testing";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTx } from "./infra/in-tx.ts";
import { announce } from "./infra/outbox.ts";
import { closeServices } from "./infra/services.ts";
import type { Services } from "./infra/services.ts";
import { clinicHost, consoleHost, platformCookie, staffCookie } from "./testing/people.ts";
import { dial, socketServer } from "./testing/socket-client.ts";
import type { Message, SocketClient, SocketServer } from "./testing/socket-client.ts";
import { visit } from "./testing/test-caller.ts";
import { testServices } from "./testing/test-services.ts";

let t: TestDatabase;
let s: Services;
let clinic: MadeClinic;
let host: string;
let at: SocketServer;

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
  clinic = await makeClinic(t);
  host = clinicHost(s, clinic.slug);
  at = await socketServer(s, { recheckMs: 200, socketsPerAddress: 20 });
});

afterAll(async () => {
  await at.close();
  await closeServices(s);
  await t.close();
});

const data = (id: number) => (message: Message) => message.id === id && message.result?.type === "data";
const started = (id: number) => (message: Message) => message.id === id && message.result?.type === "started";
const failed = (id: number | null) => (message: Message) => message.id === id && message.error !== undefined;
const codeOf = (message: Message) => message.error?.json.data.pulse.code;

function write(clinicId = clinic.clinicId): Promise<{ id: string }> {
  return inTx({ s, clinicId, actor: "system:test" }, (tx) =>
    announce(tx, { clinicId, type: "hours.changed", payload: { resourceId: clinicId } }),
  );
}

async function listening(
  role = "owner",
  clinicId = clinic.clinicId,
  on = host,
): Promise<{ client: SocketClient; cookie: string; accountId: string }> {
  const person = await staffCookie(s, t, clinicId, role);
  const client = await dial(at, { host: on, cookie: person.cookie });
  const cursor = await s.bus.cursor(clinicId);
  client.subscribe(1, "staff.live.events", {}, cursor);
  await client.next(started(1));
  return { client, ...person };
}

const strangers: [string, () => string | null][] = [
  ["another site", () => "https://evil.example"],
  ["a sister clinic", () => "http://other.pulsecal.localhost"],
  ["the apex", () => `http://${s.env.baseDomain}`],
  ["another scheme", () => `https://${host}`],
  ["null", () => "null"],
  ["nowhere (no Origin)", () => null],
];

test.each(strangers)("a socket from %s is refused before the upgrade", async (_, origin) => {
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  await expect(dial(at, { host, origin: origin(), cookie })).rejects.toThrow("403");
});

test("a host that is not ours, and a clinic that is not there, have no socket", async () => {
  await expect(dial(at, { host: "evil.example" })).rejects.toThrow("404");
  await expect(dial(at, { host: "nobody-here.pulsecal.localhost" })).rejects.toThrow("404");
});

test("staff receive what happens at their clinic, each event with an id to continue from", async () => {
  const { client } = await listening();
  const { id } = await write();
  const message = await client.next(data(1));
  expect(message.result?.data?.json).toMatchObject({ data: { type: "hours.changed" } });
  expect(message.result?.id).toMatch(/^1\./);
  const [row] = await t.admin("select type from app.event where id = $1", [id]);
  expect(row).toEqual({ type: "hours.changed" });
  client.socket.close();
});

test("after a reconnect with the last id, everything in between arrives once and in order", async () => {
  const { client, cookie } = await listening();
  await write();
  const seen = await client.next(data(1));
  client.socket.terminate();
  await client.closed;
  for (let n = 0; n < 3; n++) await write();
  const again = await dial(at, { host, cookie });
  again.subscribe(7, "staff.live.events", {}, seen.result?.id);
  const ids = [];
  for (let n = 0; n < 3; n++) ids.push((await again.next(data(7))).result?.id);
  await write();
  ids.push((await again.next(data(7))).result?.id);
  expect(new Set([seen.result?.id, ...ids]).size).toBe(5);
  again.socket.close();
});

test("without a session, with another clinic's session, or with a forged cursor nothing is streamed", async () => {
  const other = await makeClinic(t);
  const foreign = await staffCookie(s, t, other.clinicId, "owner");
  for (const cookie of [undefined, foreign.cookie]) {
    const client = await dial(at, { host, cookie });
    client.subscribe(1, "staff.live.events", {});
    expect(codeOf(await client.next(failed(1)))).toBe("unauthenticated");
    client.socket.close();
  }
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  const client = await dial(at, { host, cookie });
  for (const [id, cursor] of [
    [2, await s.bus.cursor(other.clinicId)],
    [3, "1.a.b.c.forged-forged-forged-00"],
  ] as const) {
    client.subscribe(id, "staff.live.events", {}, cursor);
    expect(codeOf(await client.next(failed(id)))).toBe("cursor_invalid");
  }
  client.socket.close();
});

test("only subscriptions run over the socket", async () => {
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  const client = await dial(at, { host, cookie });
  client.send({ id: 1, method: "query", params: { path: "staff.me", input: {} } });
  client.send({ id: 2, method: "mutation", params: { path: "public.account.signOut", input: {} } });
  expect(codeOf(await client.next(failed(1)))).toBe("invalid");
  expect(codeOf(await client.next(failed(2)))).toBe("invalid");
  client.socket.close();
});

test("signing out ends the person's sockets at once, and only theirs", async () => {
  const [leaving, staying] = [await listening(), await listening()];
  const began = performance.now();
  const browser = await visit(s, { host, cookies: leaving.cookie });
  await browser.call.public.account.signOut();
  expect((await leaving.client.closed).code).toBe(4401);
  expect(performance.now() - began).toBeLessThan(5000);
  await write();
  expect((await staying.client.next(data(1))).result?.type).toBe("data");
  staying.client.socket.close();
});

const losses: [string, (person: { accountId: string; clinicId: string }) => [string, unknown[]]][] = [
  ["a removed member", ({ accountId }) => ["delete from auth.member where account_id = $1", [accountId]]],
  ["a changed role", ({ accountId }) => ["update auth.member set role = 'billing' where account_id = $1", [accountId]]],
  ["a disabled account", ({ accountId }) => ["update auth.account set disabled_at = now() where id = $1", [accountId]]],
  ["an ended session", ({ accountId }) => ["delete from auth.session where account_id = $1", [accountId]]],
  [
    "a suspended clinic",
    ({ clinicId }) => ["update platform.clinic set status = 'suspended' where id = $1", [clinicId]],
  ],
];

test.each(losses)("%s loses the socket within seconds, without any notice over Redis", async (_, change) => {
  const { clinicId, slug } = await makeClinic(t);
  const { client, accountId } = await listening("owner", clinicId, clinicHost(s, slug));
  await t.admin(...change({ accountId, clinicId }));
  expect((await client.closed).code).toBe(4401);
});

test("a platform admin's socket ends with the session too", async () => {
  const { cookie, accountId } = await platformCookie(s, t);
  const client = await dial(at, { host: consoleHost(s), cookie });
  client.subscribe(1, "platform.live.events", {});
  await client.next(started(1));
  await t.admin("update auth.account set platform_role = null where id = $1", [accountId]);
  expect((await client.closed).code).toBe(4401);
});

test("a frame of eleven messages, one of over 64 KiB, and a flood are cut off", async () => {
  const batch = await dial(at, { host });
  batch.send(Array.from({ length: 11 }, (_, id) => ({ id, method: "subscription.stop" })));
  expect((await batch.closed).code).toBe(4429);

  const large = await dial(at, { host });
  large.send({ id: 1, method: "subscription", params: { path: "x".repeat(70_000) } });
  expect((await large.closed).code).toBe(1009);

  const flood = await dial(at, { host });
  for (let n = 0; n < 300; n++) flood.socket.send("PING");
  expect((await flood.closed).code).toBe(4429);
});

test("more subscriptions than a page could need end the socket", async () => {
  const { client } = await listening();
  for (let id = 2; id < 30; id++) client.subscribe(id, "staff.live.events", {});
  expect((await client.closed).code).toBe(4429);
});

test("garbage is answered or ignored, and the server goes on", async () => {
  const client = await dial(at, { host });
  for (const text of ["", "null", "[]", "{", "[[[[[]]]]]", '{"id":{}}', '{"id":1,"method":"subscription"}'])
    client.socket.send(text);
  client.socket.send("PING");
  await expect.poll(() => client.texts.includes("PONG")).toBe(true);
  client.socket.close();
});

test("one address may hold so many sockets and no more; a closed one makes room", async () => {
  const own = await socketServer(s, { socketsPerAddress: 2 });
  const [first] = [await dial(own, { host }), await dial(own, { host })];
  await expect(dial(own, { host })).rejects.toThrow("429");
  first.socket.close();
  await first.closed;
  await expect
    .poll(() =>
      dial(own, { host }).then(
        () => "in",
        (error: Error) => error.message,
      ),
    )
    .toBe("in");
  await own.close();
});

test("an old socket is asked to dial again, then closed", async () => {
  const own = await socketServer(s, { maxAgeMs: 100, graceMs: 50 });
  const client = await dial(own, { host });
  expect(await client.next((message) => message.method === "reconnect")).toEqual({ id: null, method: "reconnect" });
  expect((await client.closed).code).toBe(1012);
  await own.close();
});

test("a server that stops asks everybody to dial again and lets go of the port", async () => {
  const own = await socketServer(s);
  const client = await dial(own, { host });
  const asked = client.next((message) => message.method === "reconnect");
  await own.close();
  expect(await asked).toEqual({ id: null, method: "reconnect" });
  expect((await client.closed).code).toBe(1012);
});

test("a socket is pinged, and one that does not answer is dropped", async () => {
  const own = await socketServer(s, { pingMs: 30 });
  const client = await dial(own, { host });
  await expect.poll(() => client.texts.includes("PING")).toBe(true);
  await own.close();
});

test("a reader that stops reading is cut off; others go on", async () => {
  // A Unix socket holds little by itself, so what is not read piles up here and not in the kernel.
  const path = join(tmpdir(), `pulsecal-${randomUUID().slice(0, 8)}.sock`);
  const own = await socketServer(s, { maxBufferedBytes: 64 * 1024, recheckMs: 60_000 }, path);
  const { clinicId, slug } = await makeClinic(t);
  const { cookie } = await staffCookie(s, t, clinicId, "owner");
  const from = { host: clinicHost(s, slug), cookie };
  const [slow, quick] = [await dial(path, from), await dial(path, from)];
  const cursor = await s.bus.cursor(clinicId);
  for (const client of [slow, quick]) {
    client.subscribe(1, "staff.live.events", {}, cursor);
    await client.next(started(1));
  }
  slow.socket.pause();
  for (let round = 0; round < 6; round++) {
    await t.admin(
      "insert into app.event (clinic_id, id, type, payload) select $1, gen_random_uuid(), 'hours.changed', '{}' from generate_series(1, 400)",
      [clinicId],
    );
    await s.bus.wake(clinicId);
    await expect.poll(() => quick.texts.length, { timeout: 10_000 }).toBeGreaterThan((round + 1) * 400);
  }
  slow.socket.resume();
  const { code } = await slow.closed;
  expect([1006, 4408]).toContain(code);
  expect(slow.texts.length).toBeLessThan(6 * 400);
  expect(quick.socket.readyState).toBe(quick.socket.OPEN);
  await own.close();
}, 30_000);

test("a request for another path on a server without other upgrades is turned away", async () => {
  const upgrade = request({ port: at.port, path: "/other", headers: { connection: "upgrade", upgrade: "websocket" } });
  const answered = once(upgrade, "response");
  upgrade.end();
  const [response] = await answered;
  expect(response).toMatchObject({ statusCode: 404 });
});
