/** The ids of one clinic, or of nothing. */
export type ProbeIds = {
  clinicId: string;
  bookingId: string;
  serviceId: string;
  practitionerId: string;
  /** opens a booking's page, or confirms an address */
  token: string;
  /** a place in a clinic's events */
  cursor: string;
  email: string;
};

/** An input that names a row: its place in the input, and whether it stands in a list. */
export type IdField = { name: string; list: boolean; means: keyof ProbeIds };

type Schema = {
  def?: { type?: string; shape?: Record<string, unknown>; innerType?: unknown; in?: unknown };
};

const byName: Record<string, keyof ProbeIds> = {
  bookingId: "bookingId",
  // an entry of the waitlist and its gap bear the id of the booking that is offered (makeWaiting)
  entryId: "bookingId",
  gapId: "bookingId",
  serviceId: "serviceId",
  practitionerId: "practitionerId",
  practitionerIds: "practitionerId",
  who: "practitionerId",
  clinicId: "clinicId",
  token: "token",
  lastEventId: "cursor",
};

const byPath: Record<string, Record<string, keyof ProbeIds>> = {
  "staff.services.save": { id: "serviceId" },
  // the one leave, closure and room of a clinic bear its id (makeSetup)
  "staff.leave.save": { id: "clinicId" },
  "staff.leave.remove": { id: "clinicId" },
  "staff.leave.keep": { leaveId: "clinicId" },
  "staff.closures.save": { id: "clinicId" },
  "staff.closures.remove": { id: "clinicId" },
  "staff.rooms.save": { id: "clinicId" },
  "staff.rooms.hours": { roomId: "clinicId" },
  "staff.rooms.previewHours": { roomId: "clinicId" },
  "staff.rooms.saveHours": { roomId: "clinicId" },
  // a set of one booking has its id (procedure-world)
  "staff.series.get": { setId: "bookingId" },
  "staff.series.cancel": { setId: "bookingId" },
  "public.account.signIn": { email: "email" },
  "public.account.resendVerification": { email: "email" },
};

/** The inputs of a procedure that name rows, read from its schemas; one that nobody has explained is an error. */
export function idFieldsOf(path: string, schemas: unknown[]): IdField[] {
  return schemas.flatMap((schema) =>
    Object.entries(shapeOf(schema)).flatMap(([name, field]) => {
      const means = byPath[path]?.[name] ?? byName[name];
      if (means) return [{ name, means, list: kindOf(field) === "array" }];
      if (/(^id$|Ids?$|[tT]oken$)/.test(name)) throw new Error(`Say in id-fields.ts what "${name}" of ${path} names.`);
      return [];
    }),
  );
}

function shapeOf(schema: unknown): Record<string, unknown> {
  const { def } = schema as Schema;
  const inner = def?.innerType ?? def?.in;
  return def?.shape ?? (inner === undefined ? {} : shapeOf(inner));
}

function kindOf(schema: unknown): string | undefined {
  const { def } = schema as Schema;
  const inner = def?.innerType ?? def?.in;
  return inner === undefined ? def?.type : kindOf(inner);
}
