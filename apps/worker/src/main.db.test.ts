import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { type SmtpSink, startSmtpSink, testSettings } from "@pulsecal/api/testing";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

// Two processes start here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
let t: TestDatabase;
let sink: SmtpSink;

beforeAll(async () => {
  t = await testDatabase();
  sink = await startSmtpSink();
});
afterAll(async () => {
  await sink.close();
  await t.close();
});

function run(over: Record<string, string>): ChildProcess {
  const env = testSettings({
    PULSECAL_DB_URL: t.url,
    PULSECAL_DB_ROLE_SECRET: t.roleSecret,
    SMTP_URL: sink.url,
    LOG_LEVEL: "info",
    ...over,
  });
  return spawn(process.execPath, [main], {
    env: { ...env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Everything a stream says until it has said this, or has ended. */
async function heard(stream: NodeJS.ReadableStream | null, words: string): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    if (text.includes(words)) break;
  }
  return text;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

test("the process answers for its health and leaves on SIGTERM", async () => {
  const port = await freePort();
  const child = run({ PULSECAL_WORKER_HEALTH_PORT: String(port) });
  const exited = once(child, "exit");
  await heard(child.stdout, "worker is running");
  const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then((answer) => answer.status);
  expect(await at("/health/live")).toBe(200);
  expect(await at("/health/ready")).toBe(200);
  expect(await at("/metrics")).toBe(404);
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

test("a wrong setting is one sentence that names it", async () => {
  const child = run({ PULSECAL_MAIL_FROM: "nobody" });
  const exited = once(child, "exit");
  const said = await heard(child.stderr, "\n");
  expect(said).toBe("PULSECAL_MAIL_FROM must look like: PulseCal <hello@example.org>\n");
  expect(await exited).toEqual([1, null]);
});
