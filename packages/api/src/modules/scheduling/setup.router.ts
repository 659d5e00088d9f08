import { z } from "zod";
import { router } from "../../trpc/init.ts";
import { staffProcedure } from "../../trpc/procedures.ts";
import { getClinicRules, saveClinicRules } from "./clinic-rules.ts";
import { listClosures, removeClosure, saveClosure } from "./closures.ts";
import { getRoomHours, saveRoomHours } from "./hours.ts";
import { previewRoomHours } from "./preview-hours.ts";
import { listRooms, saveRoom } from "./rooms.ts";
import { HoursPreviewOut } from "./scheduling.schema.ts";
import {
  ClinicRulesOut,
  ClinicRulesSaveIn,
  ClosureOut,
  ClosureSaveIn,
  RemovedOut,
  RemoveIn,
  RoomHoursIn,
  RoomHoursOut,
  RoomHoursPreviewIn,
  RoomHoursSaveIn,
  RoomOut,
  RoomSaveIn,
} from "./setup.schema.ts";

export const staffRoomsRouter = router({
  list: staffProcedure("clinic.read")
    .output(z.array(RoomOut))
    .query(({ ctx }) => listRooms(ctx)),
  save: staffProcedure("clinic.write")
    .input(RoomSaveIn)
    .output(RoomOut)
    .mutation(({ ctx, input }) => saveRoom(ctx, input)),
  hours: staffProcedure("hours.read")
    .input(RoomHoursIn)
    .output(RoomHoursOut)
    .query(({ ctx, input }) => getRoomHours(ctx, input.roomId)),
  previewHours: staffProcedure("hours.read")
    .input(RoomHoursPreviewIn)
    .output(HoursPreviewOut)
    .query(({ ctx, input }) => previewRoomHours(ctx, input)),
  saveHours: staffProcedure("clinic.write")
    .input(RoomHoursSaveIn)
    .output(RoomHoursOut)
    .mutation(({ ctx, input }) => saveRoomHours(ctx, input)),
});

export const staffClosuresRouter = router({
  list: staffProcedure("hours.read")
    .output(z.array(ClosureOut))
    .query(({ ctx }) => listClosures(ctx)),
  save: staffProcedure("clinic.write")
    .input(ClosureSaveIn)
    .output(ClosureOut)
    .mutation(({ ctx, input }) => saveClosure(ctx, input)),
  remove: staffProcedure("clinic.write")
    .input(RemoveIn)
    .output(RemovedOut)
    .mutation(({ ctx, input }) => removeClosure(ctx, input)),
});

export const staffClinicRulesRouter = router({
  get: staffProcedure("clinic.read")
    .output(ClinicRulesOut)
    .query(({ ctx }) => getClinicRules(ctx)),
  save: staffProcedure("clinic.write")
    .input(ClinicRulesSaveIn)
    .output(ClinicRulesOut)
    .mutation(({ ctx, input }) => saveClinicRules(ctx, input)),
});
