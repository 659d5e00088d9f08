import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeGently, httpServer, listen, untilQuiet } from "./listen.ts";

let server: ReturnType<typeof httpServer>;
let url: string;

beforeEach(async () => {
  server = httpServer("http", (_request, response) => response.end("answered"));
  await listen(server, 0, "127.0.0.1");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => closeGently(server, 0));

test("a server that is leaving answers who still comes, and asks them to come on another connection", async () => {
  let left = false;
  const leaving = untilQuiet(server, { quietMs: 300, mostMs: 10_000 }).then(() => {
    left = true;
  });
  for (let count = 0; count < 5; count += 1) {
    const answer = await fetch(`${url}/book`);
    expect([await answer.text(), answer.headers.get("connection")]).toEqual(["answered", "close"]);
    await pause(100);
    expect(left).toBe(false);
  }
  await leaving;
});

test("it leaves in the end although people keep coming, and health checks are nobody's visit", async () => {
  let asking = true;
  const ask = async (path: string) => {
    while (asking) await fetch(`${url}${path}`).then((answer) => answer.text());
  };
  const visits = ask("/book");
  await untilQuiet(server, { quietMs: 2_000, mostMs: 200 });
  asking = false;
  await visits;
  asking = true;
  const checks = ask("/health/ready");
  await untilQuiet(server, { quietMs: 100, mostMs: 10_000 });
  asking = false;
  await checks;
});

test("a request under way is answered before the server closes", async () => {
  let finish = (): void => undefined;
  const slow = httpServer("http", (_request, response) => {
    finish = () => response.end("late");
  });
  await listen(slow, 0, "127.0.0.1");
  const answer = fetch(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/`);
  await once(slow, "request");
  const closed = closeGently(slow, 5_000);
  finish();
  expect(await (await answer).text()).toBe("late");
  await closed;
});
