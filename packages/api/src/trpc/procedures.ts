import { can } from "@pulsecal/core";
import type { Permission } from "@pulsecal/core";
import { publicError, refuse, isExpected } from "./error-map.ts";
import { middleware, procedure } from "./init.ts";
import type { Face } from "./init.ts";

/** The outermost layer of every procedure: which transport may carry it, what may leave it. */
const boundary = middleware(async ({ ctx, path, type, next }) => {
  // The socket has no cookies to set and no per-request limits; server-sent events are not offered.
  if (ctx.transport === "ws" && type !== "subscription") throw refuse("invalid");
  if (ctx.transport === "http" && type === "subscription") throw refuse("invalid");
  const result = await next();
  if (result.ok) return result;
  const error = publicError(result.error);
  if (!isExpected(error))
    ctx.s.log.error({ err: result.error.cause ?? result.error, path, requestId: ctx.requestId }, "procedure failed");
  throw error;
});

const base = procedure.use(boundary);

function onFace(faces: readonly Face[]) {
  return middleware(({ ctx, next }) => {
    if (!ctx.place || !faces.includes(ctx.place.face)) throw refuse("not_found");
    return next();
  });
}

const withClinic = middleware(async ({ ctx, next }) => {
  const clinic = await ctx.clinicHere();
  if (!clinic) throw refuse("not_found");
  return next({ ctx: { clinic, clinicId: clinic.id, actor: "guest" as string } });
});

const withClinicRecalled = middleware(async ({ ctx, next }) => {
  const clinic = ctx.clinicRecalled() ?? (await ctx.clinicHere());
  if (!clinic) throw refuse("not_found");
  return next({ ctx: { clinic, clinicId: clinic.id, actor: "guest" as string } });
});

/** Anyone, on the named faces. */
export function publicProcedure(...faces: [Face, ...Face[]]) {
  return base.meta({ audience: "public", faces, permission: "open" }).use(onFace(faces));
}

/** Anyone, on a clinic's own host. */
export const publicClinicProcedure = publicProcedure("clinic").use(withClinic);

/**
 * The same without looking for the clinic where it is known from before: one round trip less. Only for what reads the
 * clinic's status and zone itself, together with what it answers.
 */
export const recalledClinicProcedure = publicProcedure("clinic").use(withClinicRecalled);

/** The holder of a booking's link, on that clinic's host; the use case checks the token. */
export const patientProcedure = base
  .meta({ audience: "patient", faces: ["clinic"], permission: "link" })
  .use(onFace(["clinic"]))
  .use(withClinic);

/** A member of the host's clinic whose role has the permission. */
export function staffProcedure(permission: Permission) {
  return base
    .meta({ audience: "staff", faces: ["clinic"], permission })
    .use(onFace(["clinic"]))
    .use(async ({ ctx, next }) => {
      const me = await ctx.staff();
      const clinic = me && (await ctx.clinicHere());
      if (!clinic) throw refuse("unauthenticated");
      if (clinic.status === "suspended" || clinic.status === "closed") throw refuse("clinic_suspended");
      if (!can(me.role, permission)) throw refuse("forbidden");
      return next({ ctx: { me, clinic, clinicId: clinic.id, actor: me.accountId, role: me.role as string } });
    });
}

/** A platform admin or supporter, on the console's host, whose role has the permission. */
export function platformProcedure(permission: Permission) {
  return base
    .meta({ audience: "platform", faces: ["console"], permission })
    .use(onFace(["console"]))
    .use(async ({ ctx, next }) => {
      const admin = await ctx.platform();
      if (!admin) throw refuse("unauthenticated");
      if (!can(admin.role, permission)) throw refuse("forbidden");
      return next({ ctx: { admin, actor: `platform:${admin.accountId}` } });
    });
}
