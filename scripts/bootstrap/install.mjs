import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { childEnvironment, root, state, Trouble } from "./environment.mjs";

const MODULES_STAMP = join(root, "node_modules", ".pulsecal-stamp");
const CLIENT = join(root, "packages/db/generated");
const CLIENT_STAMP = join(CLIENT, ".pulsecal-stamp");
const SCHEMA = join(root, "packages/db/prisma/schema");

/** The Node the product runs on, installed by the lockfile. */
export const node24 = join(root, "node_modules/.bin/node");

/** True when nothing has to be installed or generated. */
export function isInstalled() {
  return modulesAreCurrent() && clientIsCurrent();
}

/** Brings pnpm, node_modules and the database client up to date. Call it under the install lock. */
export async function install(say) {
  const pnpm = await fetchPnpm(say);
  if (!modulesAreCurrent()) {
    say("Installing packages (about a minute the first time) ...");
    const flags = ["install", "--frozen-lockfile", "--prod=false", "--config.confirmModulesPurge=false"];
    await runTool(pnpm, [...flags, ...registryFlag(), ...storeFlag()], root, "install");
    if (!existsSync(node24)) throw new Trouble(`Node 24 did not arrive with the packages; see ${logPath("install")}.`);
    writeFileSync(MODULES_STAMP, modulesStamp());
  }
  if (!clientIsCurrent()) {
    say("Generating the database client ...");
    await runTool(pnpm, ["run", "generate"], join(root, "packages/db"), "generate");
    mkdirSync(CLIENT, { recursive: true });
    writeFileSync(CLIENT_STAMP, clientStamp());
  }
}

function modulesAreCurrent() {
  return (
    existsSync(node24) &&
    workspaces().every((folder) => existsSync(join(folder, "node_modules"))) &&
    contentOf(MODULES_STAMP) === modulesStamp()
  );
}

function clientIsCurrent() {
  return contentOf(CLIENT_STAMP) === clientStamp();
}

function modulesStamp() {
  const manifests = [root, ...workspaces()].map((folder) => join(folder, "package.json"));
  const files = [...manifests, join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml")];
  return hash([process.platform, process.arch, root], files);
}

function clientStamp() {
  const schema = readdirSync(SCHEMA)
    .sort()
    .map((name) => join(SCHEMA, name));
  const files = [...schema, join(root, "packages/db/prisma.config.ts"), join(root, "packages/db/package.json")];
  return hash([], files);
}

function workspaces() {
  return ["apps", "packages"].flatMap((group) =>
    readdirSync(join(root, group))
      .sort()
      .map((name) => join(root, group, name))
      .filter((folder) => existsSync(join(folder, "package.json"))),
  );
}

function hash(words, files) {
  const sum = createHash("sha256").update(words.join("\n"));
  for (const file of files) sum.update(`\n${relative(root, file)}\n`).update(readFileSync(file));
  return sum.digest("hex");
}

function contentOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** The path of the pinned pnpm; fetched when it is not there yet. */
export async function fetchPnpm(say) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = manifest.packageManager.split("@")[1];
  const folder = join(state, "tools", `pnpm-${version}`);
  const found = pnpmBinary(folder);
  if (found) return found;
  say(`Fetching pnpm ${version} ...`);
  mkdirSync(folder, { recursive: true });
  const quiet = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000"];
  // The wrapper's install step is not run: the binary is taken from the platform package itself.
  await runTool("npm", ["install", "--prefix", folder, ...quiet, ...patience, `pnpm@${version}`], folder, "pnpm");
  const binary = pnpmBinary(folder);
  if (!binary) throw new Trouble(`pnpm ${version} has no binary for ${process.platform} on ${process.arch}.`);
  return binary;
}

function pnpmBinary(folder) {
  const scope = join(folder, "node_modules/@pnpm");
  if (!existsSync(scope)) return null;
  const exe = readdirSync(scope).find((name) => name.startsWith(`exe.${process.platform}-${process.arch}`));
  const binary = exe && join(scope, exe, "pnpm");
  return binary && existsSync(binary) ? binary : null;
}

function registryFlag() {
  const registry = process.env.npm_config_registry;
  return registry ? [`--registry=${registry}`] : [];
}

// pnpm looks for its store from the home folder; below an unwritable home it has to be told.
function storeFlag() {
  const home = childEnvironment().HOME ?? "";
  return home.startsWith(state) ? [`--store-dir=${join(home, "pnpm-store")}`] : [];
}

function logPath(name) {
  return join(state, "logs", `${name}.log`);
}

/** Runs a tool with its output in a log file; on failure the sentence says what to do or shows the log's end. */
function runTool(command, args, cwd, name) {
  mkdirSync(join(state, "logs"), { recursive: true });
  const log = createWriteStream(logPath(name));
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: childEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    let tail = "";
    const keep = (chunk) => {
      log.write(chunk);
      tail = (tail + chunk).slice(-4_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => {
      reject(
        new Trouble(
          error.code === "ENOENT" && command === "npm"
            ? "npm is not on PATH: install npm (it comes with Node) and run this again."
            : `${command} could not be started: ${error.message}`,
        ),
      );
    });
    child.on("close", (code) => log.end(() => (code === 0 ? resolve() : reject(failure(name, code, tail)))));
  });
}

function failure(name, code, tail) {
  if (/ENOSPC/.test(tail)) return new Trouble(`The disk of ${root} is full: free some space and run this again.`);
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET|EHOSTUNREACH|ENETUNREACH|dns error|error sending request|tcp connect/i.test(
      tail,
    )
  ) {
    return new Trouble(
      "The npm registry cannot be reached: check the network, or set npm_config_registry to a registry that can " +
        `(details in ${logPath(name)}).`,
    );
  }
  return new Trouble(
    `${tail.trim()}\n\nThe step "${name}" failed with code ${code}; its whole log is ${logPath(name)}.`,
  );
}
