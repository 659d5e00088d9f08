import type { Prisma, PrismaClient } from "../generated/client/client.ts";

type All = Prisma.TransactionClient;

/** The models of one clinic. */
type ClinicModel =
  | "clinicProfile"
  | "location"
  | "resource"
  | "practitioner"
  | "service"
  | "servicePractitioner"
  | "openingHours"
  | "hoursOverride"
  | "leave"
  | "patient"
  | "patientKey"
  | "clinicKey"
  | "booking"
  | "occupancy"
  | "idempotency"
  | "event"
  | "inbox"
  | "delivery"
  | "auditLog"
  | "member"
  | "timetable"
  | "closure"
  | "serviceNeed"
  | "serviceNeedResource"
  | "leaveKept"
  | "groupSession"
  | "seat"
  | "intakeQuestion"
  | "intakeAnswer"
  | "calendarFeed"
  | "waitlistEntry"
  | "waitlistGap"
  | "waitlistOffer"
  | "clinic";

type ReadOperation =
  | "findMany"
  | "findFirst"
  | "findFirstOrThrow"
  | "findUnique"
  | "findUniqueOrThrow"
  | "count"
  | "aggregate"
  | "groupBy";

type Reads<Delegate> = Pick<Delegate, ReadOperation & keyof Delegate>;
type Marks<Delegate> = Pick<Delegate, (ReadOperation | "update" | "updateMany") & keyof Delegate>;

/** A tagged query that goes to the connection as it is, in a flight of its own; columns come as Prisma's do. */
export type RawQuery = {
  $queryRaw<T = unknown>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<T>;
};

/** Reads of one clinic; each query is one flight with its own snapshot. */
export type TenantDb = { [Model in ClinicModel]: Reads<All[Model]> } & RawQuery;

/** One statement that is a transaction of its own. */
export type WriteOnce = RawQuery;

/** One-flight reads of accounts and sessions. */
export type AuthReads = RawQuery;

/** One transaction on one clinic's rows. */
export type TenantTx = Pick<All, ClinicModel | "$queryRaw" | "$executeRaw">;

/** What auth_rt may see of a clinic. */
export const authOmit = {
  clinic: { isDemo: true, createdAt: true, approvedAt: true, approvedBy: true, rulesVersion: true },
} as const;

export type AuthClient = PrismaClient<never, typeof authOmit>;

/** One transaction on accounts, credentials and sessions; members and clinics read-only. */
export type AuthTx = Pick<AuthClient, "account" | "session" | "emailToken" | "$queryRaw" | "$executeRaw"> & {
  member: Reads<AuthClient["member"]>;
  clinic: Reads<AuthClient["clinic"]>;
};

/** One transaction of a platform admin. */
export type PlatformTx = {
  clinic: Marks<All["clinic"]>;
  platformAudit: Reads<All["platformAudit"]>;
  event: Reads<All["event"]>;
} & Pick<All, "$queryRaw">;

/** One transaction of the machinery itself: the event table and the clinics' names. */
export type SystemTx = {
  event: Marks<All["event"]>;
  clinic: Reads<All["clinic"]>;
} & Pick<All, "$queryRaw" | "$executeRaw">;

/** The same lists for the running program: a door hands out these names and nothing else. */
export const doorMembers = {
  tenantDb: [
    "clinicProfile",
    "location",
    "resource",
    "practitioner",
    "service",
    "servicePractitioner",
    "openingHours",
    "hoursOverride",
    "leave",
    "patient",
    "patientKey",
    "clinicKey",
    "booking",
    "occupancy",
    "idempotency",
    "event",
    "inbox",
    "delivery",
    "auditLog",
    "member",
    "timetable",
    "closure",
    "serviceNeed",
    "serviceNeedResource",
    "leaveKept",
    "groupSession",
    "seat",
    "intakeQuestion",
    "intakeAnswer",
    "calendarFeed",
    "waitlistEntry",
    "waitlistGap",
    "waitlistOffer",
    "clinic",
    "$queryRaw",
  ],
  auth: ["account", "session", "emailToken", "member", "clinic", "$queryRaw", "$executeRaw"],
  platform: ["clinic", "platformAudit", "event", "$queryRaw"],
  system: ["event", "clinic", "$queryRaw", "$executeRaw"],
} as const;
