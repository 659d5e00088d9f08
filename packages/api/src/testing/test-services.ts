import type { TestDatabase } from "@pulsecal/db/testing";
import { randomBytes } from "node:crypto";
import { readEnv } from "../infra/env.ts";
import type { Env } from "../infra/env.ts";
import { createLogger } from "../infra/logger.ts";
import { createServices } from "../infra/services.ts";
import type { ServiceParts, Services } from "../infra/services.ts";

/** A complete, valid environment of the demo mode. */
export function testSettings(over: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  return {
    PULSECAL_MODE: "demo",
    PULSECAL_DB_URL: "postgres://127.0.0.1:5432/none",
    PULSECAL_DB_ROLE_SECRET: "role secret for tests, long enough",
    REDIS_URL: process.env["PULSECAL_TEST_REDIS"],
    PULSECAL_SECRET: "signing secret for tests, long enough",
    PULSECAL_KEYRING: `test:${Buffer.alloc(32, "keys for tests").toString("base64")}`,
    SMTP_URL: "smtp://127.0.0.1:2525",
    LOG_LEVEL: "silent",
    ...over,
  };
}

/** Services on a test's own database and its own corner of Redis. Close them with `closeServices`. */
export function testServices(t: TestDatabase, over: Partial<Env> = {}, parts: ServiceParts = {}): Services {
  const env = { ...readEnv(testSettings({ PULSECAL_DB_URL: t.url, PULSECAL_DB_ROLE_SECRET: t.roleSecret })), ...over };
  return createServices(env, {
    redisPrefix: `test-${randomBytes(6).toString("hex")}`,
    log: createLogger(env.logLevel),
    ...parts,
  });
}
