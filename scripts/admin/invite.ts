import type { Database } from "@pulsecal/db";
import { newId } from "@pulsecal/db";
import { Trouble } from "../services/trouble.ts";

type Role = "admin" | "support";
export type Invitation = { email: string; role: Role };

/** Reads `EMAIL [--role admin|support]`. */
export function readInvitation(args: string[]): Invitation {
  const usage = "Usage: npm run admin -- invite EMAIL [--role admin|support], or npm run admin -- rewrap-keys";
  const [command, email = "", flag, role = "admin"] = args;
  const rightFlag = flag === undefined || (flag === "--role" && args.length === 4);
  if (command !== "invite" || !rightFlag || args.length > 4) throw new Trouble(usage);
  if (role !== "admin" && role !== "support") throw new Trouble(`The role must be admin or support. ${usage}`);
  const address = email.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) || address.length > 254)
    throw new Trouble(`${email || "(nothing)"} is no e-mail address. ${usage}`);
  return { email: address, role };
}

/**
 * Gives a person a place in the console. Whoever has the account's password before its address was confirmed may be
 * anybody, so such an account gets a new password and loses its sessions; a confirmed one keeps what it has.
 */
export async function invite(
  db: Database,
  invitation: Invitation,
  newPasswordHash: () => Promise<string>,
): Promise<"made" | "taken over" | "promoted"> {
  const { email, role } = invitation;
  const found = await db.withAuth(
    (tx) => tx.$queryRaw<{ id: string; trusted: boolean }[]>`
      select id::text, email_verified_at is not null and password_hash is not null as trusted
      from auth.account where email = ${email}`,
  );
  const account = found[0];
  const id = account?.id ?? newId();
  const trusted = account?.trusted ?? false;
  const passwordHash = trusted ? null : await newPasswordHash();
  await db.withAuth(async (tx) => {
    const saved = await tx.$executeRaw`
      insert into auth.account (id, email, name, password_hash, email_verified_at, platform_role)
      values (${id}::uuid, ${email}, ${email.split("@")[0]}, ${passwordHash}, clock_timestamp(), ${role})
      on conflict (email) do update set
        platform_role = excluded.platform_role,
        disabled_at = null,
        email_verified_at = coalesce(account.email_verified_at, excluded.email_verified_at),
        password_hash = coalesce(excluded.password_hash, account.password_hash)
      where account.id = ${id}::uuid`;
    if (saved !== 1) throw new Trouble("The account was made by somebody else at this moment; run this again.");
    if (!trusted) await tx.$executeRaw`delete from auth.session where account_id = ${id}::uuid`;
  });
  await db.withPlatform({ accountId: id }, "invited from the command line", "platform.invited", async () => {});
  if (!account) return "made";
  return trusted ? "promoted" : "taken over";
}
