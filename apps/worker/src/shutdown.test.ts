import { expect, test } from "vitest";
import { withinDeadline } from "./shutdown.ts";

test("work that ends in time is waited for, work that does not is left", async () => {
  expect(await withinDeadline(Promise.resolve(), 1_000)).toBe(true);
  expect(await withinDeadline(new Promise(() => {}), 10)).toBe(false);
  await expect(withinDeadline(Promise.reject(new Error("broken")), 1_000)).rejects.toThrow("broken");
});
