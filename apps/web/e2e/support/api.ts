import type { AppRouter } from "@pulsecal/api";
import { createTRPCClient, httpLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import { ask, someAddress } from "./http.ts";

export type Api = TRPCClient<AppRouter>;

/** The API of one host as one person calls it, from an address of their own: a cookie it sets is sent along from then on. */
export function apiOf(origin: string): Api {
  let cookie = "";
  const from = someAddress();
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${origin}/trpc`,
        transformer: superjson,
        async fetch(url, init) {
          const address = typeof url === "string" ? url : url instanceof URL ? url.href : url.url;
          const answer = await ask(address, {
            from,
            method: init?.method ?? "GET",
            headers: { "content-type": "application/json", origin, ...(cookie ? { cookie } : {}) },
            body: typeof init?.body === "string" ? init.body : undefined,
          });
          const set = answer.headers["set-cookie"];
          if (set) cookie = set.replace(/;.*/, "");
          return new Response(new Uint8Array(answer.body), { status: answer.status });
        },
      }),
    ],
  });
}
