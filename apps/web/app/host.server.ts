import { data, type MiddlewareFunction } from "react-router";
import { pulse } from "./lib/trpc.server.ts";

/** The four faces: a clinic's host carries two of them, told apart by the first path segment. */
export type Face = "apex" | "clinic" | "portal" | "console";

/** The face of a path on a clinic's host. */
export function faceOnClinicHost(pathname: string): "clinic" | "portal" {
  // The clinic face is never hydrated, so only the portal ever asks for the route manifest.
  return /^\/(portal(?=[/.]|$)|__manifest$)/.test(pathname) ? "portal" : "clinic";
}

/**
 * The second lock on a face: its layout exports `middleware = [only("portal")]`. The slices already hide foreign routes;
 * this makes a mistake there a 404 instead of a page.
 */
export function only(face: Face): MiddlewareFunction<Response> {
  return ({ context }) => {
    if (pulse(context).face !== face) throw data(null, { status: 404 });
  };
}
