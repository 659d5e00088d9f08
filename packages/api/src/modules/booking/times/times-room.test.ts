import { describe, expect, test } from "vitest";
import { createLogger } from "../../../infra/logger.ts";
import { type RoomEvent, TimesRoom, type TimesState } from "./times-room.ts";

const people = new Set(["doctor"]);
const span = { from: Date.parse("2026-11-24T00:00:00Z"), to: Date.parse("2026-11-25T00:00:00Z") };
const state = (free: string[], nextChangeAt: number | null = null): TimesState => ({
  free,
  cursor: "start",
  people,
  anybody: false,
  reachDays: 1,
  nextChangeAt,
});
const touch = (cursor: string): RoomEvent => ({
  cursor,
  type: "booking.confirmed",
  payload: { resourceIds: ["doctor"], blockedFrom: "2026-11-24T10:00:00Z", blockedTo: "2026-11-24T10:20:00Z" },
});

/** Events that a test hands in one by one. */
function pushed() {
  const waiting: RoomEvent[] = [];
  let wake = () => undefined as void;
  return {
    push(event: RoomEvent) {
      waiting.push(event);
      wake();
    },
    async *read(_after: string, signal: AbortSignal) {
      signal.addEventListener("abort", () => wake());
      while (!signal.aborted) {
        const event = waiting.shift();
        if (event) yield event;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}

function roomOf(load: () => Promise<TimesState>, events = pushed()) {
  let empty = 0;
  const room = new TimesRoom({
    date: "2026-11-24",
    serviceId: "service",
    span,
    load,
    events: events.read,
    now: () => Date.now(),
    log: createLogger("silent"),
    onEmpty: () => {
      empty += 1;
    },
  });
  return { room, events, emptied: () => empty };
}

async function take(items: AsyncGenerator<unknown, void, void>) {
  const { value } = (await items.next()) as {
    value: [string, { kind: string; free: string[]; taken: string[]; count: number }];
  };
  return { id: value[0], ...value[1] };
}

describe("a room of times", () => {
  test("tells watchers that it could not begin, and is gone", async () => {
    const { room, emptied } = roomOf(() => Promise.reject(new Error("database is away")));
    await expect(room.watch(new AbortController().signal).next()).rejects.toThrow("database is away");
    expect(emptied()).toBe(1);
  });

  test("a look that failed is tried again and nothing is lost", async () => {
    const answers = [
      () => Promise.resolve(state(["a", "b"])),
      () => Promise.reject(new Error("away")),
      () => Promise.resolve(state(["b"])),
    ];
    const { room, events } = roomOf(() => (answers.shift() ?? (() => Promise.resolve(state(["b"]))))());
    const stop = new AbortController();
    const items = room.watch(stop.signal);
    expect((await take(items)).kind).toBe("snapshot");
    events.push(touch("one"));
    expect(await take(items)).toMatchObject({ id: "one", kind: "delta", taken: ["a"], count: 1 });
    stop.abort();
    expect((await items.next()).done).toBe(true);
  });

  test("a watcher that fell far behind is given the whole day again", async () => {
    let round = 0;
    const { room, events } = roomOf(() => Promise.resolve(state([`time ${round++}`])));
    const [slowStop, fastStop] = [new AbortController(), new AbortController()];
    const [slow, fast] = [room.watch(slowStop.signal), room.watch(fastStop.signal)];
    await Promise.all([take(slow), take(fast)]);
    for (let index = 0; index < 40; index++) {
      events.push(touch(`event ${index}`));
      expect((await take(fast)).id).toBe(`event ${index}`);
    }
    const caughtUp = await take(slow);
    expect(caughtUp).toMatchObject({ kind: "snapshot", count: 1 });
    fastStop.abort();
    await fast.return();
    expect(room.size).toBe(1);
    slowStop.abort();
    await slow.return();
    expect(room.size).toBe(0);
  });

  test("looks again by itself when the first time is no longer offered", async () => {
    const answers = [state(["a", "b"], Date.now() - 1), state(["b"])];
    const { room } = roomOf(() => Promise.resolve(answers.shift() ?? state(["b"])));
    const items = room.watch(new AbortController().signal);
    expect((await take(items)).count).toBe(2);
    expect(await take(items)).toMatchObject({ kind: "delta", taken: ["a"], count: 1 });
    await items.return();
  });

  const away = { resourceIds: ["other"], blockedFrom: "2026-12-24T10:00:00Z", blockedTo: "2026-12-24T10:20:00Z" };
  const left = {
    fromResourceIds: ["doctor"],
    fromBlockedFrom: "2026-11-24T10:00:00Z",
    fromBlockedTo: "2026-11-24T10:20:00Z",
  };
  test.each([
    ["a booking that moved here", { ...touch("x"), type: "booking.moved" }],
    ["a booking that moved away from here", { cursor: "x", type: "booking.moved", payload: { ...away, ...left } }],
    ["leave of this doctor", { cursor: "x", type: "leave.changed", payload: { resourceId: "doctor" } }],
    ["a closure", { cursor: "x", type: "closure.changed", payload: {} }],
  ])("looks again for %s", async (_, event) => {
    const answers = [state(["a", "b"]), state(["b"])];
    const { room, events } = roomOf(() => Promise.resolve(answers.shift() ?? state(["b"])));
    const items = room.watch(new AbortController().signal);
    await take(items);
    events.push(event);
    expect(await take(items)).toMatchObject({ id: "x", kind: "delta", taken: ["a"] });
    await items.return();
  });

  test.each([
    ["a booking of another doctor", { ...touch("x"), payload: { ...touch("x").payload, resourceIds: ["other"] } }],
    [
      "a booking of another week",
      {
        ...touch("x"),
        payload: { ...touch("x").payload, blockedFrom: "2026-12-24T10:00:00Z", blockedTo: "2026-12-24T10:20:00Z" },
      },
    ],
    ["hours of another doctor", { cursor: "x", type: "hours.changed", payload: { resourceId: "other" } }],
    ["another service", { cursor: "x", type: "service.changed", payload: { serviceId: "other" } }],
    ["an event of another kind", { cursor: "x", type: "account.verification_requested", payload: {} }],
  ])("does not look for %s", async (_name, event) => {
    let looks = 0;
    const { room, events } = roomOf(() => Promise.resolve(state([`time ${looks++}`])));
    const items = room.watch(new AbortController().signal);
    await take(items);
    events.push(event);
    events.push(touch("concerns"));
    expect((await take(items)).id).toBe("concerns");
    expect(looks).toBe(2);
    await items.return();
  });

  test.each([
    ["its service", { cursor: "x", type: "service.changed", payload: { serviceId: "service" } }],
    ["its doctor's hours", { cursor: "x", type: "hours.changed", payload: { resourceId: "doctor" } }],
    ["the clinic", { cursor: "x", type: "clinic.approved", payload: {} }],
    ["a gap in the events", { cursor: "x", type: "resync", payload: {} }],
  ])("looks again for %s", async (_name, event) => {
    let looks = 0;
    const { room, events } = roomOf(() => Promise.resolve(state([`time ${looks++}`])));
    const items = room.watch(new AbortController().signal);
    await take(items);
    events.push(event);
    expect((await take(items)).id).toBe("x");
    await items.return();
  });
});
