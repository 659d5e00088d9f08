import type { AuthTx } from "@pulsecal/db";

export type SignInRow = {
  id: string;
  name: string;
  passwordHash: string | null;
  verified: boolean;
  disabled: boolean;
  platformRole: string | null;
  /** the role at the clinic asked about */
  role: string | null;
};

/** The account behind an address, with its place at the clinic whose host is asked. */
export async function findForSignIn(tx: AuthTx, email: string, clinicId: string | null): Promise<SignInRow | null> {
  const [row] = await tx.$queryRaw<SignInRow[]>`
    select a.id::text, a.name, a.password_hash as "passwordHash", a.email_verified_at is not null as verified,
      a.disabled_at is not null as disabled, a.platform_role as "platformRole", m.role
    from auth.account a
    left join auth.member m on m.account_id = a.id and m.clinic_id = ${clinicId}::uuid
    where a.email = ${email}`;
  return row ?? null;
}

/** Takes an unused, unexpired token of this clinic; the row lock makes one of two presses win. */
export async function takeVerification(
  tx: AuthTx,
  tokenHash: string,
  clinicId: string,
): Promise<{ accountId: string } | null> {
  const [row] = await tx.$queryRaw<{ accountId: string }[]>`
    update auth.email_token set used_at = clock_timestamp()
    where id = ${tokenHash} and purpose = 'verify_email' and clinic_id = ${clinicId}::uuid
      and used_at is null and expires_at > clock_timestamp()
    returning account_id::text as "accountId"`;
  return row ?? null;
}

/** Marks the address as confirmed, if the account may be confirmed through this clinic's letter. */
export async function confirmEmail(tx: AuthTx, accountId: string, clinicId: string): Promise<{ email: string } | null> {
  const [row] = await tx.$queryRaw<{ email: string }[]>`
    update auth.account a set email_verified_at = coalesce(a.email_verified_at, clock_timestamp())
    where a.id = ${accountId}::uuid and a.disabled_at is null and (
      a.email_verified_at is not null
      -- The password is the latest sign-up's, so only the letter of that one proves that its reader chose it.
      or ${clinicId}::uuid = (
        select m.clinic_id from auth.member m where m.account_id = a.id and m.role = 'owner'
        order by m.created_at desc, m.id desc limit 1)
    )
    returning a.email`;
  return row ?? null;
}

/** The account of this clinic whose address still waits for its confirmation. */
export async function findUnverifiedMember(
  tx: AuthTx,
  email: string,
  clinicId: string,
): Promise<{ id: string } | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    select a.id::text from auth.account a join auth.member m on m.account_id = a.id and m.clinic_id = ${clinicId}::uuid
    where a.email = ${email} and a.email_verified_at is null and a.disabled_at is null`;
  return row ?? null;
}

/** Makes sure there is an account for the address; an existing one stays as it is. */
export async function ensureAccount(
  tx: AuthTx,
  account: { id: string; email: string; name: string; passwordHash: string },
): Promise<void> {
  await tx.$executeRaw`
    insert into auth.account (id, email, name, password_hash)
    values (${account.id}::uuid, ${account.email}, ${account.name}, ${account.passwordHash})
    on conflict (email) do nothing`;
}

/** Locks the account so that two sign-ups for one address happen one after the other. */
export async function lockAccount(tx: AuthTx, email: string): Promise<{ id: string } | null> {
  // NO KEY UPDATE: the membership's foreign key, checked in another transaction meanwhile, may still share the row.
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    select id::text from auth.account where email = ${email} for no key update`;
  return row ?? null;
}

export async function replacePassword(
  tx: AuthTx,
  accountId: string,
  name: string,
  passwordHash: string,
): Promise<void> {
  await tx.$executeRaw`
    update auth.account set password_hash = ${passwordHash}, name = ${name}
    where id = ${accountId}::uuid and email_verified_at is null`;
}
