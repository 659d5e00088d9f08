import { expect, test } from "vitest";
import { partEnvironment } from "./part-environment.ts";
import { newSecrets } from "./secrets.ts";
import { readSettings } from "./settings.ts";

test("web and worker never see the administrator's login or anything else they have no use for", () => {
  const services = {
    databaseUrl: "postgres://postgres:hush@127.0.0.1:5432/pulsecal?sslmode=require",
    redisUrl: "redis://r",
  };
  const outer = {
    PATH: "/bin",
    DATABASE_URL: services.databaseUrl,
    PGPASSWORD: "hush",
    AWS_SECRET: "hush",
    NODE_OPTIONS: "--inspect",
  };
  const secrets = newSecrets();
  const env = partEnvironment(readSettings({}), services, secrets, outer);
  expect(env.PULSECAL_KEYRING).toBe(secrets.keyring);
  expect(env.PULSECAL_DB_URL).toBe("postgres://127.0.0.1:5432/pulsecal?sslmode=require");
  expect(JSON.stringify(env)).not.toContain("hush");
  expect(env).not.toHaveProperty("DATABASE_URL");
  expect(env).not.toHaveProperty("NODE_OPTIONS");
  expect(env.PATH).toBe("/bin");
});
