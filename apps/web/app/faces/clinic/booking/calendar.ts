import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf } from "../../../lib/trpc.server.ts";
import type { Route } from "./+types/calendar";

/** The booking as a calendar file. */
export async function loader({ context, params }: Route.LoaderArgs): Promise<Response> {
  const { filename, ics } = await orMissing(() => callerOf(context).patient.booking.calendar({ token: params.token }));
  const safe = filename.replace(/[^\w.-]/g, "-");
  return new Response(ics, {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": `attachment; filename="${safe}"`,
      "Cache-Control": "no-store",
    },
  });
}
