import { attempt, statusError } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";

type Catalog = Awaited<ReturnType<Caller["public"]["booking"]["catalog"]>>;

/** What can be booked. A clinic that takes no bookings yet has an empty catalog, which its pages put into words. */
export async function catalogOrNothing(caller: Caller): Promise<Catalog> {
  const result = await attempt(() => caller.public.booking.catalog());
  if (result.ok) return result.value;
  if (result.code === "not_bookable") return { services: [], practitioners: [] };
  throw statusError(result.code);
}
