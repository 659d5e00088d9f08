import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../services/folders.ts";
import { Trouble } from "../services/trouble.ts";

export type Secrets = {
  /** PULSECAL_SECRET: links, cursors, sessions. */
  app: string;
  /** PULSECAL_DB_ROLE_SECRET: the passwords of the database's roles. */
  databaseRoles: string;
  /** The administrator of our own PostgreSQL. */
  postgres: string;
  redis: string;
  /** PULSECAL_KEYRING: `id:base64`, the key under which clinics' keys are kept. */
  keyring: string;
};

const NAMES = ["app", "databaseRoles", "postgres", "redis", "keyring"] as const;

/** New random secrets, kept nowhere. */
export function newSecrets(): Secrets {
  const secret = () => randomBytes(32).toString("base64url");
  const keyring = `k1:${randomBytes(32).toString("base64")}`;
  return { app: secret(), databaseRoles: secret(), postgres: secret(), redis: secret(), keyring };
}

/** The secrets of this state folder, made on the first start and readable by their owner only. */
export function keptSecrets(folder: string): Secrets {
  const file = join(makeFolder(folder), "secrets.json");
  const kept = existsSync(file) ? parse(file) : {};
  const secrets = { ...newSecrets(), ...kept };
  if (NAMES.some((name) => kept[name] === undefined)) {
    const half = `${file}.${process.pid}`;
    writeFileSync(half, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(half, file);
  }
  chmodSync(file, 0o600);
  return secrets;
}

/** What the operator set stands above what we keep; in production nothing of the application's is made up. */
export function chosenSecrets(kept: Secrets, env: Record<string, string | undefined>): Secrets {
  return {
    ...kept,
    app: env.PULSECAL_SECRET || kept.app,
    databaseRoles: env.PULSECAL_DB_ROLE_SECRET || kept.databaseRoles,
    keyring: env.PULSECAL_KEYRING || kept.keyring,
  };
}

function parse(file: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>;
  } catch (error) {
    throw new Trouble(
      `${file} cannot be read (${(error as Error).message}): repair it, or remove the state folder to begin anew.`,
    );
  }
}
