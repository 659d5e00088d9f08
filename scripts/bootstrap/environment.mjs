import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const state = join(root, ".pulsecal");

/** Trouble a person can act on: its message is the one sentence that gets printed. */
export class Trouble extends Error {}

/** Fails with a sentence when this user cannot write where the install and the state live. */
export function requireWritableFolders() {
  const probe = join(state, `.probe-${process.pid}`);
  for (const attempt of [
    () => accessSync(root, constants.W_OK),
    () => existsSync(join(root, "node_modules")) && accessSync(join(root, "node_modules"), constants.W_OK),
    () => mkdirSync(state, { recursive: true }),
    () => writeFileSync(probe, ""),
    () => rmSync(probe),
  ]) {
    try {
      attempt();
    } catch (error) {
      throw new Trouble(
        `PulseCal cannot write to ${error.path === probe ? state : (error.path ?? root)} as ${userName()} (${error.code}): ` +
          "clone it into a folder of your own, or give this user the folder with chown.",
      );
    }
  }
}

/** A child's environment: our Node's folder first on PATH, none of the settings of the npm that called us. */
export function childEnvironment() {
  const env = { ...process.env };
  // An outer `npm --prefix`, `--global`, `--omit` and the like must not steer the npm and pnpm we start.
  for (const name of Object.keys(env)) {
    if (/^npm_config_(local_prefix|prefix|global|location|omit|include|only|production|ignore_scripts)$/i.test(name)) {
      delete env[name];
    }
    if (
      /^npm_config_(dry_run|package_lock_only|workspaces?|offline|frozen_lockfile|verify_deps_before_run)$/i.test(name)
    ) {
      delete env[name];
    }
  }
  delete env.NODE_ENV;
  env.PATH = [dirname(process.execPath), env.PATH].filter(Boolean).join(delimiter);
  return { ...env, ...homeBelowState() };
}

/** Where caches go when the user's home cannot be written: below the clone. */
function homeBelowState() {
  const home = process.env.HOME ?? "";
  const folders = ["", ".npm", ".cache", ".config", ".local", ".local/share", ".local/share/pnpm", ".local/state"];
  if (home && existsSync(home) && folders.every((folder) => writableOrAbsent(join(home, folder)))) return {};
  const below = join(state, "home");
  mkdirSync(below, { recursive: true });
  return {
    HOME: below,
    XDG_CACHE_HOME: join(below, "cache"),
    XDG_CONFIG_HOME: join(below, "config"),
    XDG_DATA_HOME: join(below, "share"),
    XDG_STATE_HOME: join(below, "state"),
    npm_config_cache: join(below, "npm"),
  };
}

function writableOrAbsent(path) {
  if (!existsSync(path)) return true;
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function userName() {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
