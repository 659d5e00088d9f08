import { z } from "zod";
import { inTenant } from "../../infra/in-tx.ts";
import { router } from "../../trpc/init.ts";
import { staffProcedure } from "../../trpc/procedures.ts";
import { getHours, saveHours } from "./hours.ts";
import { previewHours } from "./preview-hours.ts";
import { listServices, saveService } from "./save-service.ts";
import {
  HoursGetIn,
  HoursOut,
  HoursPreviewIn,
  HoursPreviewOut,
  HoursSaveIn,
  PractitionersOut,
} from "./scheduling.schema.ts";
import { ServiceOut, ServiceSaveIn } from "./service.schema.ts";
import { findPractitioners } from "./services.repo.ts";

export const staffHoursRouter = router({
  get: staffProcedure("hours.read")
    .input(HoursGetIn)
    .output(HoursOut)
    .query(({ ctx, input }) => getHours(ctx, input.practitionerId)),
  preview: staffProcedure("hours.read")
    .input(HoursPreviewIn)
    .output(HoursPreviewOut)
    .query(({ ctx, input }) => previewHours(ctx, input)),
  save: staffProcedure("hours.write")
    .input(HoursSaveIn)
    .output(HoursOut)
    .mutation(({ ctx, input }) => saveHours(ctx, input)),
});

export const staffServicesRouter = router({
  list: staffProcedure("service.read")
    .output(z.array(ServiceOut))
    .query(({ ctx }) => listServices(ctx)),
  save: staffProcedure("service.write")
    .input(ServiceSaveIn)
    .output(ServiceOut)
    .mutation(({ ctx, input }) => saveService(ctx, input)),
});

export const staffPractitionersRouter = router({
  list: staffProcedure("clinic.read")
    .output(PractitionersOut)
    .query(({ ctx }) => inTenant(ctx, (db) => findPractitioners(db, ctx.clinicId))),
});
