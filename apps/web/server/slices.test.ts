import type { ServerBuild } from "react-router";
import { expect, test } from "vitest";
import { sliceForFace } from "./slices.ts";

const ids: [id: string, parentId?: string][] = [
  ["root"],
  ["faces/apex/layout", "root"],
  ["faces/apex/landing", "faces/apex/layout"],
  ["faces/clinic/layout", "root"],
  ["faces/clinic/home", "faces/clinic/layout"],
  ["faces/portal/layout", "root"],
  ["faces/portal/shell", "faces/portal/layout"],
  ["faces/portal/today", "faces/portal/shell"],
  ["faces/console/layout", "root"],
];
const routes = Object.fromEntries(ids.map(([id, parentId]) => [id, { id, parentId }]));
const build = { routes, assets: { routes, version: "1" } } as unknown as ServerBuild;

test("a slice keeps the root and everything under the face's layout, at any depth", () => {
  expect(Object.keys(sliceForFace(build, "portal").routes)).toEqual([
    "root",
    "faces/portal/layout",
    "faces/portal/shell",
    "faces/portal/today",
  ]);
});

test("the manifest the browser learns is cut the same way", () => {
  const slice = sliceForFace(build, "apex");
  expect(Object.keys(slice.assets.routes)).toEqual(Object.keys(slice.routes));
  expect(slice.assets.version).toBe("1");
});

test("a build without the face's layout is refused", () => {
  const { "faces/console/layout": _, ...rest } = routes;
  expect(() => sliceForFace({ ...build, routes: rest } as unknown as ServerBuild, "console")).toThrow(/no layout/);
});
