import { tracked } from "@trpc/server";
import { z } from "zod";
import type { LiveEvent } from "../../../infra/live-bus.ts";
import type { Services } from "../../../infra/services.ts";
import { router } from "../../../trpc/init.ts";
import { staffProcedure } from "../../../trpc/procedures.ts";
import type { StaffBooking } from "../booking.schema.ts";
import { readStaffBooking } from "./staff-day.ts";

const EventsIn = z.strictObject({ lastEventId: z.string().max(500).optional() }).optional();

export type StaffLiveMessage =
  | { type: Exclude<LiveEvent["type"], "resync">; at: Date; booking: StaffBooking | null }
  | { type: "resync" };

/** Looked-up bookings of recent events, so that an event costs one read on this node however many screens are open. */
const lookups = new WeakMap<Services, Map<string, Promise<StaffBooking | null>>>();
const mostLookups = 500;

export const staffLiveRouter = router({
  events: staffProcedure("booking.read")
    .input(EventsIn)
    .subscription(async function* ({ ctx, input, signal }) {
      const stop = signal ?? new AbortController().signal;
      // A newcomer gets its place first and reads its page again from there: nothing falls between page and socket.
      const from = input?.lastEventId ?? (await ctx.s.bus.cursor(ctx.clinicId));
      if (!input?.lastEventId) yield tracked(from, { type: "resync" as const });
      for await (const event of ctx.s.bus.subscribe(ctx.clinicId, from, stop)) {
        yield tracked(event.cursor, await messageOf(ctx.s, ctx.clinicId, event));
      }
    }),
});

async function messageOf(s: Services, clinicId: string, event: LiveEvent): Promise<StaffLiveMessage> {
  if (event.type === "resync") return { type: "resync" };
  const { bookingId } = event.payload;
  const booking = typeof bookingId === "string" ? await bookingOf(s, clinicId, event.id, bookingId) : null;
  return { type: event.type, at: event.at, booking };
}

function bookingOf(s: Services, clinicId: string, eventId: string, bookingId: string): Promise<StaffBooking | null> {
  const known = lookups.get(s) ?? new Map<string, Promise<StaffBooking | null>>();
  lookups.set(s, known);
  const key = `${clinicId}|${eventId}`;
  const before = known.get(key);
  if (before) return before;
  const booking = readStaffBooking(s, clinicId, bookingId);
  known.set(key, booking);
  // A read that failed must not be remembered.
  booking.catch(() => known.delete(key));
  for (const oldest of known.keys()) {
    if (known.size <= mostLookups) break;
    known.delete(oldest);
  }
  return booking;
}
