import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import superjson from "superjson";
import { z } from "zod";

const t = initTRPC.create({ transformer: superjson, isDev: false });

const router = t.router({
  hello: t.procedure
    .input(z.strictObject({ name: z.string().min(1).max(100) }))
    .output(z.object({ greeting: z.string() }))
    .query(({ input }) => ({ greeting: `Hello, ${input.name}` })),
});

/** The least that tRPC over HTTP can be: no context, no database, zod in and out. What other answers are measured against. */
export function handleHello(request: Request): Promise<Response> {
  return fetchRequestHandler({ endpoint: "/hello", router, req: request, createContext: () => ({}) });
}
