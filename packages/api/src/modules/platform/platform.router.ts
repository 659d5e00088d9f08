import { tracked } from "@trpc/server";
import { z } from "zod";
import { router } from "../../trpc/init.ts";
import { platformProcedure } from "../../trpc/procedures.ts";
import { approveClinic } from "./approve-clinic.ts";
import { clinicLines, overview } from "./overview.ts";
import { ApproveInput, ClinicLine, ListInput, LiveInput, Overview, PlatformMe } from "./platform.schema.ts";

const reader = platformProcedure("platform.read");

export const platformRouter = router({
  me: reader
    .output(PlatformMe)
    .query(({ ctx: { admin } }) => ({ name: admin.name, email: admin.email, role: admin.role })),
  overview: reader.output(Overview).query(({ ctx }) => overview(ctx)),
  clinics: router({
    list: reader
      .input(ListInput)
      .output(z.array(ClinicLine))
      .query(({ ctx, input }) => clinicLines(ctx, input?.status)),
    approve: platformProcedure("clinic.approve")
      .input(ApproveInput)
      .output(ClinicLine)
      .mutation(({ ctx, input }) => approveClinic(ctx, input)),
  }),
  live: router({
    events: reader.input(LiveInput).subscription(async function* ({ ctx, input, signal }) {
      const stop = signal ?? new AbortController().signal;
      // A newcomer gets its place first and reads its page again from there: nothing falls between page and socket.
      const from = input?.lastEventId ?? (await ctx.s.bus.platformCursor());
      if (!input?.lastEventId) yield tracked(from, { type: "resync" as const });
      for await (const event of ctx.s.bus.subscribePlatform(from, stop)) {
        if (event.type === "resync") yield tracked(event.cursor, { type: "resync" as const });
        else {
          const { slug = "", name = "" } = event.clinic ?? {};
          yield tracked(event.cursor, { type: event.type, at: event.at, clinicId: event.clinicId, slug, name });
        }
      }
    }),
  }),
});
