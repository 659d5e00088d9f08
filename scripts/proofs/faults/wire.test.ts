import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWire, type Wire } from "./wire.ts";

let server: Server;
let wire: Wire;
const heard: string[] = [];
const clients: Socket[] = [];

/** Says "COMMIT" and that it is idle to whatever it is told. */
beforeEach(async () => {
  heard.length = 0;
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard.push(chunk.toString("latin1"));
      socket.write("COMMIT\0Z\0\0\0\u0005I");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  wire = await openWire((server.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await wire.close();
  server.close();
});

async function dial(): Promise<{ socket: Socket; answers: string[] }> {
  const socket = connect(wire.port, "127.0.0.1");
  clients.push(socket);
  const answers: string[] = [];
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => answers.push(chunk.toString("latin1")));
  await once(socket, "connect");
  return { socket, answers };
}

test("what is said on a swallowed line reaches nobody, and only new lines work after it", async () => {
  const old = await dial();
  old.socket.write("hello");
  await once(old.socket, "data");
  wire.swallow();
  old.socket.write("is anybody there");
  wire.restore();
  const fresh = await dial();
  fresh.socket.write("hello again");
  await once(fresh.socket, "data");
  expect(heard).toEqual(["hello", "hello again"]);
  expect([old.answers.length, old.socket.destroyed]).toEqual([1, false]);
});

test.each([
  ["a plain COMMIT", ["BEGIN; SELECT 'guest'\0"], "Q\0\0\0\u000bCOMMIT\0"],
  [
    "a prepared COMMIT",
    ["BEGIN; SELECT 'owner'\0P\0\0\0-p1\0COMMIT\0", "BEGIN; SELECT 'guest'\0"],
    "B\0\0\0\u0020\0p1\0",
  ],
  ["a write of one statement", ["hello"], "B\0\0\0\u0020\0pulse_write_1\0guest"],
])("an ambush before the commit keeps %s from the server", async (_what, before, commit) => {
  const struck = wire.ambush((text) => text.includes("guest"), "before commit");
  const { socket } = await dial();
  for (const said of before) {
    socket.write(said);
    await once(socket, "data");
  }
  socket.write(commit);
  await struck;
  expect(heard).toEqual(before);
});

test("an ambush after the commit keeps the answer from the client; reads are let through", async () => {
  const struck = wire.ambush((text) => text.includes("guest"), "after commit");
  const { socket, answers } = await dial();
  socket.write("BEGIN READ ONLY; SELECT 'guest'\0COMMIT\0");
  await once(socket, "data");
  socket.write("B\0\0\0\u0020\0pulse_write_1\0guest");
  await struck;
  expect([heard.length, answers.length]).toEqual([2, 1]);
});

test("a line that goes down resets who is on it and refuses who comes", async () => {
  const closed = (socket: Socket) => new Promise((resolve) => socket.on("error", () => undefined).on("close", resolve));
  const { socket } = await dial();
  wire.goDown();
  await closed(socket);
  const late = connect(wire.port, "127.0.0.1");
  clients.push(late);
  await closed(late);
  expect(wire.connections()).toBe(0);
});
