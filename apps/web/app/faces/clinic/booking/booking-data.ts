import type { Caller } from "../../../lib/trpc.server.ts";

/** A booking as the holder of its link sees it. */
export type Booking = Awaited<ReturnType<Caller["patient"]["booking"]["get"]>>;
