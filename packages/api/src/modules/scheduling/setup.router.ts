import { z } from "zod";
import { router } from "../../trpc/init.ts";
import { staffProcedure } from "../../trpc/procedures.ts";
import { getClinicRules, saveClinicRules } from "./clinic-rules.ts";
import { listClosures, removeClosure, saveClosure } from "./closures.ts";
import { listRooms, saveRoom } from "./rooms.ts";
import {
  ClinicRulesOut,
  ClinicRulesSaveIn,
  ClosureOut,
  ClosureSaveIn,
  RemovedOut,
  RemoveIn,
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
