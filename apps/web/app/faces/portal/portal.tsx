import { type ClinicRole, can, clinicRoles, type Permission } from "@pulsecal/core";
import { useOutletContext } from "react-router";
import type { Me } from "./types.ts";

export type PortalContext = { me: Me };

/** Who is signed in, and at which clinic. */
export const useMe = (): Me => useOutletContext<PortalContext>().me;

/** Whether the person's role holds a permission; what it may not do is not offered. The server decides in any case. */
export function useMay(permission: Permission): boolean {
  const { role } = useMe();
  return clinicRoles.includes(role as ClinicRole) && can(role as ClinicRole, permission);
}
