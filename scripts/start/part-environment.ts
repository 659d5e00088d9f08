import type { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";

export type Services = { databaseUrl: string; redisUrl: string };

type Source = Record<string, string | undefined>;

// What any program may need of its surroundings; nothing else of ours is handed down by accident.
const SURROUNDINGS = [
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "LC_ALL",
  "TZ",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "LOG_LEVEL",
];

/** The whole environment of the web and worker processes. The administrator's login is not in it. */
export function partEnvironment(
  s: Settings,
  services: Services,
  secrets: Secrets,
  env: Source,
): Record<string, string> {
  return {
    ...surroundings(env),
    NODE_ENV: "production",
    PULSECAL_MODE: s.mode,
    PULSECAL_BASE_DOMAIN: s.baseDomain,
    PULSECAL_SCHEME: s.scheme,
    PORT: String(s.webPort),
    PULSECAL_PUBLIC_PORT: s.publicPort,
    PULSECAL_BIND: s.bind,
    PULSECAL_DB_URL: withoutLogin(services.databaseUrl),
    PULSECAL_DB_ROLE_SECRET: secrets.databaseRoles,
    PULSECAL_SECRET: secrets.app,
    PULSECAL_KEYRING: secrets.keyring,
    REDIS_URL: services.redisUrl,
    SMTP_URL: env.SMTP_URL || `smtp://127.0.0.1:${s.smtpPort}`,
    ...(env.PULSECAL_MAIL_FROM ? { PULSECAL_MAIL_FROM: env.PULSECAL_MAIL_FROM } : {}),
  };
}

/** What is passed on to every part. */
export function surroundings(env: Source): Record<string, string> {
  const present = SURROUNDINGS.map((name) => [name, env[name]]).filter((pair): pair is [string, string] =>
    Boolean(pair[1]),
  );
  return Object.fromEntries(present);
}

/** A database address without user and password. */
export function withoutLogin(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = "";
  url.password = "";
  url.searchParams.delete("user");
  url.searchParams.delete("password");
  return url.href;
}
