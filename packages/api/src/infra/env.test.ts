import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { readEnv } from "./env.ts";
import { createLinks } from "./links.ts";

const strong = "9f2c41d07ab35e8866f1c4a90b7de3125c88aa41f0b9e6d7";
const demo = {
  PULSECAL_MODE: "demo",
  PULSECAL_DB_URL: "postgres://127.0.0.1:5432/pulsecal",
  PULSECAL_DB_ROLE_SECRET: "demo role secret 0123456789 0123456789",
  REDIS_URL: "redis://127.0.0.1:6379",
  PULSECAL_SECRET: "demo secret 0123456789 0123456789 012",
  PULSECAL_KEYRING: `demo:${Buffer.alloc(32, "demo key").toString("base64")}`,
  SMTP_URL: "smtp://127.0.0.1:3025",
};
const production = {
  ...demo,
  PULSECAL_MODE: "production",
  PULSECAL_SCHEME: "https",
  PULSECAL_BASE_DOMAIN: "pulsecal.example",
  PULSECAL_SECRET: strong,
  PULSECAL_DB_ROLE_SECRET: `${strong}ff`,
  PULSECAL_KEYRING: `k2:${randomBytes(32).toString("base64")},k1:${randomBytes(32).toString("base64")}`,
};

test("demo settings are read with their defaults", () => {
  expect(readEnv(demo)).toMatchObject({
    mode: "demo",
    baseDomain: "pulsecal.localhost",
    scheme: "http",
    port: 3000,
    publicPort: 3000,
  });
});

test("an empty public port means the scheme's own", () => {
  expect(readEnv({ ...demo, PULSECAL_PUBLIC_PORT: "" }).publicPort).toBeNull();
});

test("production boots with real secrets", () => {
  expect(readEnv(production).keyring.current.id).toBe("k2");
  expect(readEnv(production)).toMatchObject({ mode: "production", scheme: "https" });
});

const refused: [string, Record<string, string | undefined>, RegExp][] = [
  ["no secret", { PULSECAL_SECRET: undefined }, /PULSECAL_SECRET/],
  ["a short secret", { PULSECAL_SECRET: "9f2c41d07ab35e88" }, /PULSECAL_SECRET must be at least 32 bytes/],
  ["a demo secret", { PULSECAL_SECRET: demo.PULSECAL_SECRET }, /PULSECAL_SECRET looks like a demo value/],
  ["a secret of one repeated letter", { PULSECAL_SECRET: "z".repeat(40) }, /PULSECAL_SECRET looks like a demo value/],
  [
    "a demo role secret",
    { PULSECAL_DB_ROLE_SECRET: demo.PULSECAL_DB_ROLE_SECRET },
    /PULSECAL_DB_ROLE_SECRET looks like a demo value/,
  ],
  ["plain http on a public domain", { PULSECAL_SCHEME: "http" }, /PULSECAL_SCHEME must be https/],
  [
    "a password in the database address",
    { PULSECAL_DB_URL: "postgres://me:pw@127.0.0.1/x" },
    /PULSECAL_DB_URL must not carry/,
  ],
  ["no keyring", { PULSECAL_KEYRING: undefined }, /PULSECAL_KEYRING/],
  ["a key that is too short", { PULSECAL_KEYRING: "k1:c2hvcnQga2V5IQ==" }, /PULSECAL_KEYRING .* 32 bytes in base64/],
  ["a key without a name", { PULSECAL_KEYRING: randomBytes(32).toString("base64") }, /PULSECAL_KEYRING .* key id/],
  ["a key of typed text", { PULSECAL_KEYRING: demo.PULSECAL_KEYRING }, /PULSECAL_KEYRING .* "demo" is not random/],
  ["no mail server", { SMTP_URL: undefined }, /SMTP_URL/],
  ["no mode", { PULSECAL_MODE: undefined }, /PULSECAL_MODE/],
  ["a port that is none", { PORT: "99999" }, /PORT/],
];

test.each(refused)("production refuses to boot with %s, in one sentence", (_, change, words) => {
  expect(() => readEnv({ ...production, ...change })).toThrow(words);
  try {
    readEnv({ ...production, ...change });
  } catch (error) {
    const { message } = error as Error;
    expect(message.split("\n")).toHaveLength(1);
    for (const value of Object.values(change)) if (value && value.length > 8) expect(message).not.toContain(value);
  }
});

test("links are made from the settings alone", () => {
  const links = createLinks({ scheme: "http", baseDomain: "pulsecal.localhost", publicPort: 3000 });
  expect(links.clinic("sunrise", "/book")).toBe("http://sunrise.pulsecal.localhost:3000/book");
  expect(links.apex()).toBe("http://pulsecal.localhost:3000/");
  const secure = createLinks({ scheme: "https", baseDomain: "pulsecal.example", publicPort: null });
  expect(secure.console("/approvals")).toBe("https://admin.pulsecal.example/approvals");
});
