import { isLimited, type OfferedService } from "../../scheduling/index.ts";

/**
 * Whatever visits of a service with these people could take: themselves, each room or device that could serve, and the
 * service itself where it has limits, which count what everybody does of it (as candidateResources of single bookings).
 */
export function queuesOf(service: OfferedService, practitionerIds: readonly string[]): string[] {
  const limits = isLimited(service.limits) ? [service.id] : [];
  return [...new Set([...practitionerIds, ...service.needs.flatMap((need) => need.of), ...limits])];
}
