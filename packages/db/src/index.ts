export { type Database, type DatabaseOptions, openDatabase, type TxOptions } from "./database.ts";
export type { AuthReads, AuthTx, PlatformTx, SystemTx, TenantDb, TenantTx, WriteOnce } from "./door-types.ts";
export { isRetryable, isSlotTaken, isUnavailable, isUniqueViolation, sqlStateOf } from "./errors.ts";
export { newId } from "./ids.ts";
export { rolePassword } from "./role-password.ts";
export { NoScopeError, type TenantContext } from "./scope.ts";
export { empty, join, sql } from "./sql.ts";
