export { ensureAccount, lockAccount, replacePassword } from "./account.repo.ts";
export { cookieName, readCookie } from "./cookies.ts";
export { Email, Password } from "./identity.schema.ts";
export { hashPassword, passwordProblem } from "./passwords.ts";
export { createSessions } from "./sessions.ts";
export type { ClinicRow, PlatformSession, SessionKind, Sessions, StaffSession } from "./sessions.ts";
