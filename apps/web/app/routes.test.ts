import type { RouteConfigEntry } from "@react-router/dev/routes";
import { expect, test } from "vitest";
import routes from "./routes.ts";

// First segments that never belong to a page: the machines own them.
const MACHINES = ["trpc", "ws", "feeds", "hooks", "health", "auth", "assets", "__manifest"];

function paths(entry: RouteConfigEntry, above = ""): string[] {
  const here = [above, entry.path ?? ""].filter(Boolean).join("/");
  return entry.children ? entry.children.flatMap((child) => paths(child, here)) : [here];
}

const faces = new Map(
  routes.map((top) => [top.file.split("/")[1] ?? "", paths(top).map((path) => path.split("/")[0] ?? "")]),
);

test("every face has its pages", () => {
  expect([...faces.keys()]).toEqual(["apex", "clinic", "portal", "console"]);
});

test("no page of a face uses a machine's path", () => {
  for (const segments of faces.values()) expect(segments.filter((segment) => MACHINES.includes(segment))).toEqual([]);
});

test("the two faces of a clinic's host share no first segment", () => {
  const portal = new Set(faces.get("portal"));
  expect([...portal]).toEqual(["portal"]);
  expect(faces.get("clinic")).not.toContain("portal");
});
