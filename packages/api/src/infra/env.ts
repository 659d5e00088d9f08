import { type Keyring, parseKeyring } from "@pulsecal/vault";
import { z } from "zod";

const text = (max: number) => z.string().trim().min(1).max(max);
const port = z.coerce.number().int().min(0).max(65535);

const schema = z.object({
  PULSECAL_MODE: z.enum(["demo", "production"]),
  PULSECAL_BASE_DOMAIN: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9.-]{1,200}$/)
    .default("pulsecal.localhost"),
  PULSECAL_SCHEME: z.enum(["http", "https"]).default("http"),
  PORT: port.default(3000),
  PULSECAL_PUBLIC_PORT: z.union([z.literal(""), port]).optional(),
  PULSECAL_BIND: text(100).default("127.0.0.1"),
  PULSECAL_DB_URL: text(500),
  PULSECAL_DB_ROLE_SECRET: z.string().max(1000),
  REDIS_URL: text(500),
  PULSECAL_SECRET: z.string().max(1000),
  PULSECAL_KEYRING: text(2000),
  SMTP_URL: text(500),
  PULSECAL_MAIL_FROM: text(320).default("PulseCal <hello@pulsecal.localhost>"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  PULSECAL_WORKER_HEALTH_PORT: port.default(0),
});

export type Env = {
  mode: "demo" | "production";
  baseDomain: string;
  scheme: "http" | "https";
  port: number;
  /** the port people see; null is the scheme's own */
  publicPort: number | null;
  bind: string;
  dbUrl: string;
  dbRoleSecret: string;
  redisUrl: string;
  secret: string;
  /** the keys that clinics' keys are wrapped with, the current one first */
  keyring: Keyring;
  smtpUrl: string;
  mailFrom: string;
  logLevel: string;
  workerHealthPort: number;
};

/** Reads the process's settings once, at boot. A wrong one is one sentence that names it and never shows its value. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
    throw new Error(`PulseCal cannot start: set ${names.join(", ")} to a valid value.`);
  }
  const env = parsed.data;
  const refusal =
    wrongUrl(env) ??
    weakSecret("PULSECAL_SECRET", env.PULSECAL_SECRET, env.PULSECAL_MODE) ??
    weakSecret("PULSECAL_DB_ROLE_SECRET", env.PULSECAL_DB_ROLE_SECRET, env.PULSECAL_MODE) ??
    plainHttp(env);
  if (refusal) throw new Error(`PulseCal cannot start: ${refusal}`);
  const keyring = readKeyring(env);
  return {
    mode: env.PULSECAL_MODE,
    baseDomain: env.PULSECAL_BASE_DOMAIN,
    scheme: env.PULSECAL_SCHEME,
    port: env.PORT,
    publicPort: env.PULSECAL_PUBLIC_PORT === "" ? null : (env.PULSECAL_PUBLIC_PORT ?? env.PORT),
    bind: env.PULSECAL_BIND,
    dbUrl: env.PULSECAL_DB_URL,
    dbRoleSecret: env.PULSECAL_DB_ROLE_SECRET,
    redisUrl: env.REDIS_URL,
    secret: env.PULSECAL_SECRET,
    keyring,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.PULSECAL_MAIL_FROM,
    logLevel: env.LOG_LEVEL,
    workerHealthPort: env.PULSECAL_WORKER_HEALTH_PORT,
  };
}

function wrongUrl(env: z.infer<typeof schema>): string | null {
  if (!URL.canParse(env.PULSECAL_DB_URL)) return "PULSECAL_DB_URL must look like postgres://host:port/database.";
  const db = new URL(env.PULSECAL_DB_URL);
  if (db.username || db.password)
    return "PULSECAL_DB_URL must not carry a user or password; they come from PULSECAL_DB_ROLE_SECRET.";
  if (!URL.canParse(env.REDIS_URL)) return "REDIS_URL must look like redis://host:port.";
  if (!URL.canParse(env.SMTP_URL)) return "SMTP_URL must look like smtp://host:port.";
  return null;
}

const demoWords = /demo|example|change.?me|test|secret|password|pulsecal|0123456789|abcdefgh/i;

function weakSecret(name: string, value: string, mode: Env["mode"]): string | null {
  if (Buffer.byteLength(value) < 32) return `${name} must be at least 32 bytes of random text.`;
  if (mode === "demo") return null;
  const tooRegular = new Set(value).size < 10;
  if (tooRegular || demoWords.test(value))
    return `${name} looks like a demo value; production needs a random one (for example from "openssl rand -hex 32").`;
  return null;
}

function readKeyring(env: z.infer<typeof schema>): Keyring {
  const made = 'make one with: echo "k1:$(openssl rand -base64 32)"';
  const refusal = (why: string) =>
    new Error(`PulseCal cannot start: PULSECAL_KEYRING is no keyring (${why}); ${made}.`);
  let keyring: Keyring;
  try {
    keyring = parseKeyring(env.PULSECAL_KEYRING);
  } catch (error) {
    throw refusal((error as Error).message);
  }
  // Typed text or one repeated byte is no random key: 32 random bytes have about 30 distinct values.
  const weak = [...keyring.byId.values()].find(
    ({ key }) => new Set(key).size < 20 || demoWords.test(key.toString("latin1")),
  );
  if (env.PULSECAL_MODE === "production" && weak) throw refusal(`key "${weak.id}" is not random`);
  return keyring;
}

function plainHttp(env: z.infer<typeof schema>): string | null {
  if (env.PULSECAL_MODE === "demo" || env.PULSECAL_SCHEME === "https") return null;
  const local = env.PULSECAL_BASE_DOMAIN === "localhost" || env.PULSECAL_BASE_DOMAIN.endsWith(".localhost");
  return local ? null : "PULSECAL_SCHEME must be https in production, since sessions travel in cookies.";
}
