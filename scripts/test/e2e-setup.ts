import { join } from "node:path";
import { demoLogins } from "@pulsecal/db/seed";
import type { TestProject } from "vitest/node";
import { ensureChromium } from "../services/chromium.ts";
import { root } from "../services/folders.ts";
import { freePort } from "../services/ports.ts";
import { newSecrets } from "../start/secrets.ts";
import { surroundings } from "../start/part-environment.ts";
import { readSettings } from "../start/settings.ts";
import { startSystem } from "../start/system.ts";
import { exitOnSignals } from "./exit-on-signals.ts";

type Login = { email: string; password: string };

/** What browser specs get by `inject("pulse")`. */
export type PulseUnderTest = {
  webPort: number;
  baseDomain: string;
  mailboxUrl: string;
  /** For playwright-core's `chromium.launch`. */
  chromium: { executablePath: string; env: Record<string, string>; args: string[] };
  adminLogin: Login;
  ownerLogin: Login;
};

/** Brings the whole product up once, on free ports and throw-away services, for all browser specs. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  exitOnSignals();
  const say = (text: string): void => console.log(text);
  const chromium = await ensureChromium(say);
  const [webPort, mailboxPort, smtpPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const settings = readSettings({
    PORT: String(webPort),
    PULSECAL_MAILBOX_PORT: String(mailboxPort),
    PULSECAL_SMTP_PORT: String(smtpPort),
  });
  const system = await startSystem({
    settings,
    secrets: newSecrets(),
    env: surroundings(process.env),
    logs: join(root, ".pulsecal", "test-logs"),
    ephemeral: true,
    say,
  });
  void system.crashed.then((text) => process.stderr.write(`${text}\n`));
  const pulse: PulseUnderTest = {
    webPort,
    baseDomain: settings.baseDomain,
    mailboxUrl: system.mailboxUrl ?? "",
    chromium,
    adminLogin: credentials(demoLogins.admin),
    ownerLogin: credentials(demoLogins.owner),
  };
  // The specs declare the type of this name beside themselves; here it is only handed over.
  (project.provide as (name: string, value: PulseUnderTest) => void)("pulse", pulse);
  return system.stop;
}

// What is typed into a sign-in form, and nothing else of the seed's entry.
function credentials({ email, password }: Login): Login {
  return { email, password };
}
