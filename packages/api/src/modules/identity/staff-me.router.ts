import { staffProcedure } from "../../trpc/procedures.ts";
import { StaffMe } from "./identity.schema.ts";

/** Who is signed in on this clinic's host. */
export const staffMeProcedure = staffProcedure("clinic.read")
  .output(StaffMe)
  .query(({ ctx: { me, clinic } }) => ({
    name: me.name,
    email: me.email,
    role: me.role,
    clinic: { id: clinic.id, slug: clinic.slug, name: clinic.name, status: clinic.status, zone: clinic.zone },
  }));
