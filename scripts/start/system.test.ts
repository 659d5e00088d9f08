import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, expect, test } from "vitest";
import { freePort } from "../services/ports.ts";
import { newSecrets } from "./secrets.ts";
import { readSettings } from "./settings.ts";
import { startSystem } from "./system.ts";

const blocker = createServer();
afterEach(() => blocker.close());

test.each(["PORT", "PULSECAL_MAILBOX_PORT", "PULSECAL_SMTP_PORT"])(
  "a port in use is one sentence that names %s",
  async (name) => {
    const ports = {
      PORT: await freePort(),
      PULSECAL_MAILBOX_PORT: await freePort(),
      PULSECAL_SMTP_PORT: await freePort(),
    };
    const taken = ports[name as keyof typeof ports];
    await new Promise<void>((resolve) => blocker.listen(taken, "127.0.0.1", resolve));
    const settings = readSettings(Object.fromEntries(Object.entries(ports).map(([key, port]) => [key, String(port)])));
    const start = startSystem({
      settings,
      secrets: newSecrets(),
      env: {},
      logs: tmpdir(),
      ephemeral: true,
      say: () => {},
    });
    await expect(start).rejects.toThrow(`Port ${taken} is in use: set ${name} to a free port.`);
  },
);

test("two settings with the same port are named both", async () => {
  const port = String(await freePort());
  const settings = readSettings({
    PORT: port,
    PULSECAL_SMTP_PORT: port,
    PULSECAL_MAILBOX_PORT: String(await freePort()),
  });
  const start = startSystem({
    settings,
    secrets: newSecrets(),
    env: {},
    logs: tmpdir(),
    ephemeral: true,
    say: () => {},
  });
  await expect(start).rejects.toThrow(`PORT and PULSECAL_SMTP_PORT are both ${port}`);
});
