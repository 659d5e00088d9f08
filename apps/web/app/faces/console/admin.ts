import { can, type Permission, type PlatformRole, platformRoles } from "@pulsecal/core";
import { useOutletContext } from "react-router";
import type { Admin } from "./types.ts";

export type ConsoleContext = { me: Admin };

/** Whether the admin's role holds a permission; what it may not do is not offered. The server decides in any case. */
export function useMay(permission: Permission): boolean {
  const { role } = useOutletContext<ConsoleContext>().me;
  return platformRoles.includes(role as PlatformRole) && can(role as PlatformRole, permission);
}
