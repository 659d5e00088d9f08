import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { withLock } from "../bootstrap/lock.mjs";
import { endWithUs } from "../services/child.ts";
import { makeFolder, root } from "../services/folders.ts";
import { Trouble } from "../services/trouble.ts";

const WEB = join(root, "apps/web");
const STAMP = join(WEB, "build", ".pulsecal-stamp");
const SOURCES = ["apps/web", "packages/core", "packages/api", "packages/ui", "pnpm-lock.yaml"];
const NOT_SOURCES = new Set(["node_modules", "build", "e2e", ".react-router", "generated"]);

/** Builds the web app for production when its sources changed since the last build. Returns whether it did. */
export async function buildWeb(say: (text: string) => void, always = false): Promise<boolean> {
  const lock = join(makeFolder(join(root, ".pulsecal")), "build.lock");
  return await withLock(lock, async () => {
    const wanted = sourcesStamp();
    if (!always && existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return false;
    say("Building the web app ...");
    await build();
    writeFileSync(STAMP, wanted);
    return true;
  });
}

function build(): Promise<void> {
  return new Promise((resolve, reject) => {
    const tool = spawn(join(WEB, "node_modules/.bin/react-router"), ["build"], {
      cwd: WEB,
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    endWithUs(tool);
    let output = "";
    tool.stdout.on("data", (chunk) => (output += chunk));
    tool.stderr.on("data", (chunk) => (output += chunk));
    tool.once("error", reject);
    tool.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Trouble(`The web app could not be built:\n${output.trim()}`));
    });
  });
}

function sourcesStamp(): string {
  const sum = createHash("sha256");
  for (const file of SOURCES.flatMap((source) => filesBelow(join(root, source)))) {
    sum
      .update(`${relative(root, file)}\n`)
      .update(readFileSync(file))
      .update("\n");
  }
  return sum.digest("hex");
}

function filesBelow(path: string): string[] {
  if (path.endsWith(".yaml")) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !NOT_SOURCES.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return filesBelow(inner);
      return entry.isFile() ? [inner] : [];
    });
}
