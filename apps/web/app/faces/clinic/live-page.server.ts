import type { RouterContextProvider } from "react-router";
import { pulse } from "../../lib/trpc.server.ts";

/** The clinic's place in its events, for a page that goes on from there; taken before the page reads anything. */
export async function livePlace(context: Readonly<RouterContextProvider>): Promise<string> {
  const { ctx } = pulse(context);
  return ctx.clinic ? ctx.s.bus.cursor(ctx.clinic.id) : "";
}
