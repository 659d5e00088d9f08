/** `npm run admin -- invite EMAIL [--role admin|support]`: the only way to an account of the console in production. */
import { hashPassword, passwordProblem } from "@pulsecal/api";
import { openDatabase } from "@pulsecal/db";
import { deploy, provision } from "@pulsecal/db/migrate";
import { invite, readInvitation } from "./admin/invite.ts";
import { readPassword } from "./admin/read-password.ts";
import { runCommand, Trouble } from "./services/trouble.ts";
import { withKeptDatabase } from "./start/kept-database.ts";
import { withoutLogin } from "./start/part-environment.ts";
import { publicUrl, readSettings } from "./start/settings.ts";

const PROBLEMS = {
  too_short: "is too short: use at least 15 characters",
  too_long: "is too long: use at most 256 characters",
  common: "is one that everybody tries first: choose another",
  about_you: "is little more than the address or the product's name: choose another",
};

await runCommand(async () => {
  const invitation = readInvitation(process.argv.slice(2));
  const settings = readSettings(process.env);
  return await withKeptDatabase(async ({ adminUrl, secrets }) => {
    // Only a new database gets role passwords here: an older one has those of the product that runs on it.
    if ((await deploy(adminUrl)).length > 0) await provision(adminUrl, secrets.databaseRoles);
    const db = openDatabase({ url: withoutLogin(adminUrl), roleSecret: secrets.databaseRoles });
    try {
      const outcome = await invite(db, invitation, () => newPasswordHash(invitation.email));
      const keeps = outcome === "promoted" ? ", with the password the account has" : "";
      console.log(`${invitation.email} is ${invitation.role} of the console${keeps}.`);
      console.log(`Sign in at ${publicUrl(settings, "admin", "/console/sign-in")}`);
      return 0;
    } catch (error) {
      if (!/authentication failed/i.test(String(error))) throw error;
      throw new Trouble(
        "The database's roles have other passwords: set PULSECAL_DB_ROLE_SECRET as the running product has it.",
      );
    } finally {
      await db.close();
    }
  });
});

async function newPasswordHash(email: string): Promise<string> {
  const password = await readPassword();
  const problem = passwordProblem(password, [email]);
  if (problem) throw new Trouble(`The password ${PROBLEMS[problem]}. Nothing was changed.`);
  return await hashPassword(password);
}
