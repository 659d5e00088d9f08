import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speaker } from "./speak.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first message is spoken at once, of the next five seconds only the newest", () => {
  const region = { textContent: "" } as HTMLElement;
  const say = speaker(region);
  say("10:00 is taken.");
  expect(region.textContent).toBe("10:00 is taken.");
  say("10:20 is taken.");
  say("10:40 is taken.");
  vi.advanceTimersByTime(4_999);
  expect(region.textContent).toBe("10:00 is taken.");
  vi.advanceTimersByTime(1);
  expect(region.textContent).toBe("10:40 is taken.");
});

test("after a silence it speaks at once again", () => {
  const region = { textContent: "" } as HTMLElement;
  const say = speaker(region);
  say("one");
  vi.advanceTimersByTime(5_000);
  say("two");
  expect(region.textContent).toBe("two");
});
