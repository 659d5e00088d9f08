import type { AppRouter } from "@pulsecal/api";
import type { inferRouterOutputs } from "@trpc/server";

export type Staff = inferRouterOutputs<AppRouter>["staff"];

export type Me = Staff["me"];
export type StaffBooking = Staff["bookings"]["day"][number];
export type Practitioner = Staff["practitioners"]["list"][number];
export type HoursView = Staff["hours"]["get"];
export type PreviewDay = Staff["hours"]["preview"][number];
export type ServiceView = Staff["services"]["list"][number];
export type StaffEvent = { type: string; at?: Date; booking?: StaffBooking | null };
