import type { createCaller, makeContext } from "@pulsecal/api";
import { createContext, type RouterContextProvider } from "react-router";
import type { Face } from "../host.server.ts";

export type Ctx = Awaited<ReturnType<typeof makeContext>>;
export type Caller = ReturnType<typeof createCaller>;

/** What the server knows about a request before React Router sees it. */
export type Pulse = {
  face: Face;
  /** Goes on every script and inline style of this response. */
  nonce: string;
  ctx: Ctx;
  /** The API, called in process: the same procedures, the same context as over HTTP. */
  caller: Caller;
  dev: boolean;
};

// One key for the whole program: `server/app.ts` is built together with the routes, so both see this very object.
export const pulseContext = createContext<Pulse>();

/** The request's face, context and API caller; use it in loaders, actions and middleware. */
export function pulse(context: Readonly<RouterContextProvider>): Pulse {
  return context.get(pulseContext);
}

/** The API caller of this request. */
export function callerOf(context: Readonly<RouterContextProvider>): Caller {
  return pulse(context).caller;
}
