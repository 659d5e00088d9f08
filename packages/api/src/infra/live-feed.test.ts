import { expect, test } from "vitest";
import { isAfter } from "./cursor.ts";
import { atHorizon, type FeedRow, LiveFeed, type ReadFeed } from "./live-feed.ts";

const rowOf = (tx: bigint, seq: bigint): FeedRow => ({
  tx,
  seq,
  id: `${tx}`,
  clinicId: "one",
  type: "hours.changed",
  payload: {},
  at: new Date(0),
});

/** A table whose horizon can be moved, as a crash moves it. */
function table(state: { horizon: bigint; rows: FeedRow[] }): { read: ReadFeed; feed: LiveFeed } {
  const read: ReadFeed = async (after, limit) => {
    const below = state.rows.filter((row) => row.tx < state.horizon);
    const rows = after ? below.filter((row) => isAfter(row, after)).slice(0, limit) : below.slice(-1);
    return { horizon: state.horizon, rows };
  };
  const options = { ringSize: 10, queueSize: 10, batchSize: 5, safetyPollMs: 60_000 };
  const feed = new LiveFeed({ read, ...options, onError: () => undefined, onEmpty: () => undefined });
  return { read, feed };
}

test("an event under a transaction number that a crash has given out again is heard", async () => {
  const state = { horizon: 890n, rows: [rowOf(829n, 1n)] };
  const { feed } = table(state);
  const stop = new AbortController();
  const early = feed.subscribe({ tx: 829n, seq: 1n }, stop.signal);
  const first = early.next();
  feed.poke();
  await new Promise((resolve) => setImmediate(resolve)); // the feed has looked, and knows nothing lies below 890
  const late = feed.subscribe(atHorizon(890n), stop.signal);
  const second = late.next();
  await new Promise((resolve) => setImmediate(resolve));

  // 830 to 889 were undone and not on disk: after the crash they are given to others.
  state.rows.push(rowOf(830n, 2n));
  state.horizon = 840n;
  feed.poke();
  expect(await first).toMatchObject({ value: { tx: 830n } });
  expect(await second).toMatchObject({ value: { tx: 830n } });
  stop.abort();
});
