import { initTRPC } from "@trpc/server";
import type { Permission } from "@pulsecal/core";
import type { Ctx } from "./context.ts";
import { publicMessage, pulseOf } from "./error-map.ts";
import { transformer } from "./transformer.ts";

export type Face = "apex" | "clinic" | "console";

/** What every procedure declares; the access test walks the router by it. */
export type ProcedureMeta = {
  audience: "public" | "patient" | "staff" | "platform";
  faces: readonly Face[];
  /** "open" asks for nothing, "link" for the secret of a booking's link, the rest is core's table */
  permission: Permission | "open" | "link";
};

const t = initTRPC
  .context<Ctx>()
  .meta<ProcedureMeta>()
  .create({
    transformer,
    // Decides whether stacks leave the process; never by NODE_ENV.
    isDev: false,
    errorFormatter({ shape, error }) {
      const pulse = pulseOf(error);
      return {
        code: shape.code,
        message: publicMessage(pulse),
        data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, pulse },
      };
    },
  });

export const router = t.router;
export const middleware = t.middleware;
export const procedure = t.procedure;
export const callerFactory = t.createCallerFactory;
