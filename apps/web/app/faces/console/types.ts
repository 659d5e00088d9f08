import type { AppRouter } from "@pulsecal/api";
import type { inferRouterOutputs } from "@trpc/server";

type Platform = inferRouterOutputs<AppRouter>["platform"];

export type Admin = Platform["me"];
export type Overview = Platform["overview"];
export type FeedItem = Overview["feed"][number];
export type ClinicLine = Platform["clinics"]["list"][number];
export type PlatformEvent = { type: string; at?: Date; clinicId?: string; slug?: string; name?: string };
