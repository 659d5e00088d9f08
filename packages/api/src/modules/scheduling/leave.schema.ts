import { z } from "zod";
import { Day, Instant, Key, line } from "./scheduling.schema.ts";

const days = 24 * 60 * 60_000;
const stretch = { startsAt: Instant, endsAt: Instant };
const inOrder = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }) =>
  startsAt < endsAt && endsAt.getTime() - startsAt.getTime() <= 400 * days;
const outOfOrder = { path: ["endsAt"], message: "Choose an end after the start, within 400 days" };

export const LeaveListIn = z.strictObject({ from: Day, to: Day }).refine(({ from, to }) => from <= to, {
  path: ["to"],
  message: "Choose a day after the first one",
});
export const LeavePreviewIn = z.strictObject({ practitionerId: z.uuid(), ...stretch }).refine(inOrder, outOfOrder);
export const LeaveSaveIn = z
  .strictObject({
    id: z.uuid().optional(),
    practitionerId: z.uuid(),
    ...stretch,
    kind: z.enum(["leave", "block"]),
    /** staff read it, patients never do */
    label: line(100, "Enter a word").optional(),
    key: Key,
  })
  .refine(inOrder, outOfOrder);
export const LeaveKeepIn = z.strictObject({ leaveId: z.uuid(), bookingId: z.uuid(), key: Key });

export const LeaveOut = z.object({
  id: z.uuid(),
  practitionerId: z.uuid(),
  startsAt: z.date(),
  endsAt: z.date(),
  kind: z.enum(["leave", "block"]),
  label: z.string().nullable(),
});
export const KeptOut = z.object({ kept: z.literal(true) });

export type LeaveListInput = z.output<typeof LeaveListIn>;
export type LeavePreviewInput = z.output<typeof LeavePreviewIn>;
export type LeaveSaveInput = z.output<typeof LeaveSaveIn>;
export type LeaveKeepInput = z.output<typeof LeaveKeepIn>;
