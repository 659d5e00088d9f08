import { portFrom } from "../services/ports.ts";
import { Trouble } from "../services/trouble.ts";

export type Settings = {
  mode: "demo" | "production";
  baseDomain: string;
  scheme: "http" | "https";
  bind: string;
  webPort: number;
  /** The port people see; empty is the scheme's own. */
  publicPort: string;
  mailboxPort: number;
  smtpPort: number;
};

type Source = Record<string, string | undefined>;

const SECRET_BYTES = 32;

/** Reads what `npm start` itself needs of the environment. */
export function readSettings(env: Source): Settings {
  const mode = env.PULSECAL_MODE || "demo";
  if (mode !== "demo" && mode !== "production") throw new Trouble("PULSECAL_MODE must be demo or production.");
  const scheme = env.PULSECAL_SCHEME || "http";
  if (scheme !== "http" && scheme !== "https") throw new Trouble("PULSECAL_SCHEME must be http or https.");
  const webPort = port(env, "PORT", 3000);
  return {
    mode,
    scheme,
    webPort,
    baseDomain: env.PULSECAL_BASE_DOMAIN || "pulsecal.localhost",
    bind: env.PULSECAL_BIND || "127.0.0.1",
    publicPort: env.PULSECAL_PUBLIC_PORT ?? String(webPort),
    mailboxPort: port(env, "PULSECAL_MAILBOX_PORT", 3001),
    smtpPort: port(env, "PULSECAL_SMTP_PORT", 3025),
  };
}

/**
 * What production needs and never makes up. Null when all is there, else one sentence that names each setting at fault.
 */
export function missingInProduction(env: Source): string | null {
  const secrets = ["PULSECAL_SECRET", "PULSECAL_DB_ROLE_SECRET"];
  const weak = secrets.filter((name) => Buffer.byteLength(env[name] ?? "") < SECRET_BYTES);
  const parts: string[] = [];
  if (weak.length > 0) parts.push(`set ${weak.join(" and ")} to random text of at least ${SECRET_BYTES} bytes`);
  if (weak.length === 0 && env.PULSECAL_SECRET === env.PULSECAL_DB_ROLE_SECRET) {
    parts.push("give PULSECAL_SECRET and PULSECAL_DB_ROLE_SECRET different values");
  }
  if (!env.PULSECAL_KEYRING) parts.push('set PULSECAL_KEYRING to what `echo "k1:$(openssl rand -base64 32)"` prints');
  if (!env.SMTP_URL) parts.push("set SMTP_URL to your mail server");
  return parts.length === 0 ? null : `PULSECAL_MODE=production does not start: ${parts.join("; ")}.`;
}

/** An address of the product as people type it. */
export function publicUrl(s: Settings, subdomain: string, path: string): string {
  const host = subdomain ? `${subdomain}.${s.baseDomain}` : s.baseDomain;
  const own = s.scheme === "https" ? "443" : "80";
  return `${s.scheme}://${host}${s.publicPort && s.publicPort !== own ? `:${s.publicPort}` : ""}${path}`;
}

function port(env: Source, name: string, fallback: number): number {
  const found = portFrom(env[name]);
  if (found === "invalid") throw new Trouble(`${name} must be a port number (1 to 65535).`);
  return found ?? fallback;
}
