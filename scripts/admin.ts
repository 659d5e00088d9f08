/**
 * `npm run admin -- invite EMAIL [--role admin|support]`: the only way to an account of the console in production.
 * `npm run admin -- rewrap-keys`: wraps every clinic's key with the first key of PULSECAL_KEYRING.
 */
import { hashPassword, passwordProblem, rewrapClinicKeys } from "@pulsecal/api";
import { type Database, openDatabase } from "@pulsecal/db";
import { deploy, provision } from "@pulsecal/db/migrate";
import { parseKeyring, SealBroken } from "@pulsecal/vault";
import { invite, readInvitation } from "./admin/invite.ts";
import { readPassword } from "./admin/read-password.ts";
import { runCommand, Trouble } from "./services/trouble.ts";
import { withKeptDatabase } from "./start/kept-database.ts";
import { withoutLogin } from "./start/part-environment.ts";
import type { Secrets } from "./start/secrets.ts";
import { publicUrl, readSettings } from "./start/settings.ts";

const PROBLEMS = {
  too_short: "is too short: use at least 15 characters",
  too_long: "is too long: use at most 256 characters",
  common: "is one that everybody tries first: choose another",
  about_you: "is little more than the address or the product's name: choose another",
};

await runCommand(() => {
  const args = process.argv.slice(2);
  return args[0] === "rewrap-keys" && args.length === 1 ? rewrapKeys() : inviteSomebody(args);
});

function inviteSomebody(args: string[]): Promise<number> {
  const invitation = readInvitation(args);
  const settings = readSettings(process.env);
  return withProductDatabase(async (db) => {
    const outcome = await invite(db, invitation, () => newPasswordHash(invitation.email));
    const keeps = outcome === "promoted" ? ", with the password the account has" : "";
    console.log(`${invitation.email} is ${invitation.role} of the console${keeps}.`);
    console.log(`Sign in at ${publicUrl(settings, "admin", "/console/sign-in")}`);
    return 0;
  });
}

function rewrapKeys(): Promise<number> {
  return withProductDatabase(async (db, secrets) => {
    const keyring = parseKeyring(secrets.keyring);
    const { clinics, rewrapped, already, withoutKey } = await rewrapClinicKeys(db, keyring).catch((error: unknown) => {
      if (!(error instanceof SealBroken)) throw error;
      throw new Trouble("A clinic's key does not open: put the key it was wrapped with back into PULSECAL_KEYRING.");
    });
    const rest = `${already} already were, ${withoutKey} have no key yet`;
    console.log(`${rewrapped} of ${clinics} clinics' keys are now wrapped with "${keyring.current.id}"; ${rest}.`);
    return 0;
  });
}

function withProductDatabase(use: (db: Database, secrets: Secrets) => Promise<number>): Promise<number> {
  return withKeptDatabase(async ({ adminUrl, secrets }) => {
    // Only a new database gets role passwords here: an older one has those of the product that runs on it.
    if ((await deploy(adminUrl)).length > 0) await provision(adminUrl, secrets.databaseRoles);
    const db = openDatabase({ url: withoutLogin(adminUrl), roleSecret: secrets.databaseRoles });
    try {
      return await use(db, secrets);
    } catch (error) {
      if (!/authentication failed/i.test(String(error))) throw error;
      throw new Trouble(
        "The database's roles have other passwords: set PULSECAL_DB_ROLE_SECRET as the running product has it.",
      );
    } finally {
      await db.close();
    }
  });
}

async function newPasswordHash(email: string): Promise<string> {
  const password = await readPassword();
  const problem = passwordProblem(password, [email]);
  if (problem) throw new Trouble(`The password ${PROBLEMS[problem]}. Nothing was changed.`);
  return await hashPassword(password);
}
