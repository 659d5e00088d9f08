import { islands } from "virtual:islands";
import type { RouterContextProvider } from "react-router";
import { pulse } from "./trpc.server.ts";

export type IslandScript = { src: string; nonce: string };

/** The script of the clinic pages, with this response's nonce; a loader hands it to its page. */
export function clinicIsland(context: Readonly<RouterContextProvider>): IslandScript {
  return { src: islands.clinic, nonce: pulse(context).nonce };
}

/** The script of the sign-up pages. */
export function startIsland(context: Readonly<RouterContextProvider>): IslandScript {
  return { src: islands.start, nonce: pulse(context).nonce };
}
