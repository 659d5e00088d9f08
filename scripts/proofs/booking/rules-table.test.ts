import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../services/folders.ts";

/** The points on which systems of this kind disagree: none may leave the table. */
const points = [
  "hours with end ≤ start",
  "start exactly at now + minimum notice",
  "intervals",
  "slot grid",
  "daylight saving",
  "override for a date",
  "buffers that meet",
  "a hold, or a booking awaiting payment",
  "capacity > 1",
  "recurring",
  "family",
  "overbooking",
  "reschedule",
  "group session",
  "leave",
  "explain",
];

const rows = readFileSync(join(root, "docs/booking-rules.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
  .slice(1)
  .map((line) => line.slice(2, -2).split(" | ") as [string, string, string]);

test("the table has every point", () => {
  expect(rows.map(([point]) => point)).toEqual(points);
});

test.each(rows)("%s: %s", (_point, _rule, tests) => {
  const named = [...tests.matchAll(/`([^`]+)`: (.+?)(?:<br>|$)/g)];
  expect(named.length).toBeGreaterThan(0);
  for (const [, file = "", name = ""] of named) expect(titlesIn(file), file).toContain(name);
});

/** The names under which a file's tests, or its races, run; what is skipped does not run. */
function titlesIn(file: string): string[] {
  const source = readFileSync(join(root, file), "utf8");
  expect(source, file).not.toMatch(/\.(skip|todo|only)\b/);
  const titles = source.matchAll(/(?:\b(?:it|test)\(|\bname:)\s*"((?:[^"\\]|\\.)*)"/g);
  return [...titles].map(([, title = ""]) => title);
}
