import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { withLock } from "../bootstrap/lock.mjs";
import { endWithUs } from "./child.ts";
import { cacheFolder, makeFolder } from "./folders.ts";

const UPDATE_MS = 120_000;
const DOWNLOAD_MS = 300_000;
const MULTIARCH = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

/** A program found on PATH, or null. */
export function onPath(name: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * Downloads Debian packages with what they need and this system lacks, and unpacks them into a folder of the cache,
 * without root and without touching the system. Null when this is no Debian or the archive does not answer.
 */
export async function unpackPackages(
  name: string,
  packages: string[],
  onDownload: () => void = () => {},
): Promise<string | null> {
  const target = join(cacheFolder, name);
  if (existsSync(join(target, ".complete"))) return target;
  if (process.platform !== "linux" || !onPath("apt-get") || !onPath("dpkg")) return null;
  makeFolder(cacheFolder);
  return await withLock(join(cacheFolder, "debian.lock"), async () => {
    if (existsSync(join(target, ".complete"))) return target;
    onDownload();
    const work = makeFolder(join(cacheFolder, `${name}.new`));
    try {
      return (await fill(work, packages)) ? finish(work, target) : null;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** Forgets an unpacked folder whose program does not run here (any more). */
export function forgetUnpacked(name: string): void {
  rmSync(join(cacheFolder, name), { recursive: true, force: true });
}

/** What the programs of an unpacked folder need in their environment. */
export function unpackedEnvironment(folder: string): { LD_LIBRARY_PATH: string } {
  const places = ["usr/lib", "lib", "usr/lib/pulseaudio", "lib/pulseaudio"].map((place) =>
    join(folder, place.replace("lib", `lib/${MULTIARCH}`)),
  );
  return { LD_LIBRARY_PATH: places.filter((place) => existsSync(place)).join(":") };
}

async function fill(work: string, packages: string[]): Promise<boolean> {
  const apt = makeFolder(join(work, ".apt"));
  makeFolder(join(apt, "lists/partial"));
  makeFolder(join(apt, "archives/partial"));
  const places = ["Dir::State::lists=lists", "Dir::Cache=.", "Dir::Cache::archives=archives", "Dir::Log=log"];
  const options = [
    ...places.map((place) => place.replace("=", `=${apt}/`)),
    "Debug::NoLocking=1", // dpkg's own lock belongs to root
    `APT::Sandbox::User=${process.getuid?.() === 0 ? "root" : ""}`, // its sandbox user may be shut out of the clone
    "APT::Install-Recommends=false",
    "Acquire::Retries=1",
    "Acquire::http::Timeout=20",
    "Acquire::Languages=none",
  ].flatMap((option) => ["-o", option]);
  const log = join(work, ".apt.log");
  // A third party's list that fails must not stop us: the download shows whether the lists suffice.
  await run("apt-get", [...options, "-q", "update"], log, UPDATE_MS);
  const install = ["-q", "-y", "--download-only", "--no-install-recommends", "--reinstall", "install"];
  if (!(await run("apt-get", [...options, ...install, ...packages], log, DOWNLOAD_MS))) return false;
  const debs = readdirSync(join(apt, "archives")).filter((file) => file.endsWith(".deb"));
  for (const deb of debs) {
    if (!(await run("dpkg", ["-x", join(apt, "archives", deb), work], log, DOWNLOAD_MS))) return false;
  }
  rmSync(apt, { recursive: true, force: true });
  return debs.length > 0;
}

function finish(work: string, target: string): string {
  writeFileSync(join(work, ".complete"), "");
  rmSync(target, { recursive: true, force: true });
  renameSync(work, target);
  return target;
}

function run(command: string, args: string[], log: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const out = createWriteStream(log, { flags: "a" });
    const child: ChildProcess = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    });
    endWithUs(child);
    child.stdout?.pipe(out, { end: false });
    child.stderr?.pipe(out, { end: false });
    child.once("error", () => resolve(false));
    child.once("close", (code) => out.end(() => resolve(code === 0)));
  });
}
