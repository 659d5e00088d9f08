import type { Staff } from "../types.ts";

export type Calendar = Staff["times"]["calendar"];
export type Explained = Staff["times"]["explain"];
export type Free = { start: Date; practitionerId: string };
