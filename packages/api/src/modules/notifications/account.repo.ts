import type { AuthTx } from "@pulsecal/db";

/** A person as a mail addresses them; null when the account is gone or disabled. */
export function findAddressee(tx: AuthTx, accountId: string) {
  return tx.account.findFirst({
    where: { id: accountId, disabledAt: null },
    select: { id: true, name: true, email: true, emailVerifiedAt: true },
  });
}

/** Owners of a clinic; account ids come from the clinic's own members. */
export function findAddressees(tx: AuthTx, accountIds: string[]) {
  return tx.account.findMany({
    where: { id: { in: accountIds }, disabledAt: null },
    select: { name: true, email: true },
    orderBy: { id: "asc" },
  });
}

/** Keeps the hash of a verification token. */
export async function saveVerifyToken(
  tx: AuthTx,
  token: { hash: string; accountId: string; clinicId: string; hours: number },
): Promise<Date> {
  const rows = await tx.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO auth.email_token (id, account_id, purpose, clinic_id, expires_at)
    VALUES (${token.hash}, ${token.accountId}::uuid, 'verify_email', ${token.clinicId}::uuid,
            clock_timestamp() + ${token.hours} * interval '1 hour')
    RETURNING expires_at`;
  const [row] = rows;
  if (!row) throw new Error("insert returned no row");
  return row.expires_at;
}

/** Forgets a token whose mail never left. */
export async function dropVerifyToken(tx: AuthTx, hash: string): Promise<void> {
  await tx.emailToken.deleteMany({ where: { id: hash, usedAt: null } });
}
