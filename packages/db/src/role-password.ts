import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** The roles that log in; web and worker use the four whose names end in _rt, except backup_rt. */
export const loginRoles = ["migrator", "app_rt", "auth_rt", "relay_rt", "platform_rt", "backup_rt"] as const;

/** A role's password, so that one secret serves all roles and each role's password tells nothing about another's. */
export function rolePassword(secret: string, role: string): string {
  return createHmac("sha256", secret).update(`pulsecal role password|${role}`).digest("base64url");
}

/** What PostgreSQL stores for a password, made here so that the password itself never reaches a server log. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16), iterations = 4096): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const storedKey = createHash("sha256")
    .update(createHmac("sha256", salted).update("Client Key").digest())
    .digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
