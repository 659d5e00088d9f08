import { appRouter } from "./root.ts";
import type { Ctx } from "./trpc/context.ts";
import { callerFactory } from "./trpc/init.ts";

const create = callerFactory(appRouter);

export type Caller = ReturnType<typeof create>;

/** Procedures called in process, by loaders and actions, with the same ctx as over the wire. */
export function createCaller(ctx: Ctx): Caller {
  return create(ctx);
}
