export type ClinicRole = "owner" | "manager" | "practitioner" | "reception" | "billing";
export type PlatformRole = "admin" | "support";

const everyone = ["owner", "manager", "practitioner", "reception", "billing"] as const;
const care = ["owner", "manager", "practitioner", "reception"] as const;
const leads = ["owner", "manager"] as const;
const platform = ["admin", "support"] as const;

/** The one table: who may do what. Rows are permissions, cells are roles. */
const table = {
  "clinic.read": everyone,
  "clinic.write": leads,
  "clinic.close": ["owner"],
  "member.read": everyone,
  "member.write": leads,
  "practitioner.read": everyone,
  "practitioner.write": leads,
  "service.read": everyone,
  "service.write": leads,
  "hours.read": everyone,
  "hours.write": ["owner", "manager", "practitioner"],
  "leave.write": ["owner", "manager", "practitioner"],
  "booking.read": everyone,
  "booking.write": care,
  "booking.cancel": care,
  "booking.override": leads,
  "booking.squeeze_in": ["owner", "manager", "practitioner"],
  "waitlist.read": care,
  "waitlist.write": care,
  "queue.read": care,
  "queue.write": care,
  "patient.read": everyone,
  "patient.write": care,
  /** what patients answered at booking, which may be about their health */
  "answers.read": care,
  "record.read": ["practitioner"],
  "record.write": ["practitioner"],
  "message.read": care,
  "message.write": care,
  "payment.read": ["owner", "manager", "reception", "billing"],
  "payment.write": ["owner", "manager", "reception", "billing"],
  "report.read": ["owner", "manager", "billing"],
  "audit.read": leads,
  "plan.write": ["owner", "billing"],
  "platform.read": platform,
  "platform.write": ["admin"],
  "platform.support_view": platform,
  "clinic.approve": ["admin"],
  "clinic.suspend": ["admin"],
} as const satisfies Record<string, readonly (ClinicRole | PlatformRole)[]>;

export type Permission = keyof typeof table;

/** Every permission, in the table's order. */
export const permissions = Object.keys(table) as Permission[];
export const clinicRoles: readonly ClinicRole[] = everyone;
export const platformRoles: readonly PlatformRole[] = platform;

/** Whether a role holds a permission. */
export function can(role: ClinicRole | PlatformRole, permission: Permission): boolean {
  const roles: readonly string[] = table[permission];
  return roles.includes(role);
}
