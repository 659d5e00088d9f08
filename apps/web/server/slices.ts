import type { ServerBuild } from "react-router";
import type { Face } from "../app/host.server.ts";

const LAYOUTS: Record<Face, string> = {
  apex: "faces/apex/layout",
  clinic: "faces/clinic/layout",
  portal: "faces/portal/layout",
  console: "faces/console/layout",
};

type Routes<T> = Record<string, T | undefined>;

/**
 * Cuts the one build into the part a face may serve: the root and everything under the face's layout, both in the
 * server's routes and in the manifest the browser learns about. On another face's host a route does not exist.
 */
export function sliceForFace(build: ServerBuild, face: Face): ServerBuild {
  const top = LAYOUTS[face];
  if (!build.routes[top]) throw new Error(`the build has no layout ${top}`);
  const keep = (id: string): boolean => id === "root" || topLayout(build.routes, id) === top;
  return {
    ...build,
    routes: pick(build.routes, keep),
    assets: { ...build.assets, routes: pick(build.assets.routes, keep) },
  };
}

function topLayout(routes: Routes<{ parentId?: string }>, id: string): string {
  const parent = routes[id]?.parentId;
  return parent === undefined || parent === "root" ? id : topLayout(routes, parent);
}

function pick<T>(routes: Record<string, T>, keep: (id: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(routes).filter(([id]) => keep(id)));
}
