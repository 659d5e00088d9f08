import { join } from "node:path";
import { stateFolder } from "../services/folders.ts";
import { Trouble } from "../services/trouble.ts";
import { announcement, type Login } from "./announce.ts";
import { openRunRecord } from "./run-record.ts";
import { chosenSecrets, keptSecrets } from "./secrets.ts";
import { missingInProduction, readSettings, type Settings } from "./settings.ts";
import { untilAsked } from "./signals.ts";
import { startSystem, type System } from "./system.ts";

/** Runs the product until it is asked to end, a part crashes, or its smoke run is over. Returns the exit code. */
export async function runProduct(o: { smoke: boolean; dev: boolean }): Promise<number> {
  const settings = readSettings(process.env);
  if (settings.mode === "production") await refuseUnsafe(o);
  const folder = stateFolder();
  const secrets = chosenSecrets(keptSecrets(folder), process.env);
  const record = await openRunRecord(folder, settings.webPort);
  const logs = join(folder, "logs");
  const asked = untilAsked();
  const say = (text: string): void => console.log(text);

  const stopping = new AbortController();
  const starting = startSystem({
    settings,
    secrets,
    env: process.env,
    logs,
    dev: o.dev,
    say,
    onPart: record.add,
    until: stopping.signal,
  });
  const early = await Promise.race([starting.then(() => null), asked]);
  if (early !== null) {
    stopping.abort();
    await starting.then(
      (system) => system.stop(),
      () => {},
    );
    return early;
  }
  const system = await starting;
  try {
    console.log(announcement(settings, system, await logins(settings), logs));
    return await Promise.race([o.smoke ? smoke(settings, system) : asked, asked, crash(system)]);
  } finally {
    await system.stop();
    record.close();
  }
}

async function crash(system: System): Promise<number> {
  const text = await system.crashed;
  process.stderr.write(`${text}\n\nEverything else is stopped.\n`);
  return 1;
}

async function smoke(s: Settings, system: System): Promise<number> {
  if (!system.mailboxUrl) throw new Trouble("The smoke run reads its own mailbox: leave SMTP_URL out.");
  const [{ runSmoke }, { demoLogins }] = await Promise.all([import("../smoke/smoke.ts"), import("@pulsecal/db/seed")]);
  const { email, password } = demoLogins.admin;
  const result = await runSmoke({
    webPort: s.webPort,
    baseDomain: s.baseDomain,
    mailboxUrl: system.mailboxUrl,
    workerHealthPort: system.workerHealthPort,
    adminLogin: { email, password },
  });
  return result.failed === 0 ? 0 : 1;
}

async function logins(s: Settings): Promise<Login[]> {
  if (s.mode !== "demo") return [];
  const { demoLogins } = await import("@pulsecal/db/seed");
  return Object.values(demoLogins);
}

async function refuseUnsafe(o: { smoke: boolean; dev: boolean }): Promise<void> {
  if (o.dev || o.smoke) throw new Trouble("npm run dev and the smoke run are for demo mode: leave PULSECAL_MODE out.");
  const missing = missingInProduction(process.env);
  if (missing) throw new Trouble(missing);
  const { readEnv } = await import("@pulsecal/api");
  try {
    // The web process judges the rest; asking here spares bringing up a database for its refusal.
    readEnv({ ...process.env, PULSECAL_DB_URL: "postgres://127.0.0.1/pulsecal", REDIS_URL: "redis://127.0.0.1" });
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
}
