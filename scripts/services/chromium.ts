import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endWithUs } from "./child.ts";
import { forgetUnpacked, onPath, unpackedEnvironment, unpackPackages } from "./debian.ts";
import { cacheFolder, makeFolder, root } from "./folders.ts";
import { Trouble } from "./trouble.ts";

export type Chromium = {
  executablePath: string;
  /** The whole environment to launch it with. */
  env: Record<string, string>;
  args: string[];
};

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const FONTS = "fonts-noto-core";
const UNPACKED = "chromium";

/** Finds a Chromium for the browser tests, or fetches one: from Debian's archive, else by Playwright's own download. */
export async function ensureChromium(say: (text: string) => void = () => {}): Promise<Chromium> {
  const named = process.env.PULSECAL_CHROMIUM;
  if (named) {
    if (!runs(named, {}))
      throw new Trouble(`PULSECAL_CHROMIUM names ${named}, which does not run: correct it, or leave it out.`);
    return await withFonts(named, {}, say);
  }
  const installed = [...NAMES.map(onPath), MAC].find((path) => path && existsSync(path) && runs(path, {}));
  if (installed) return await withFonts(installed, {}, say);
  return (await fromDebian(say)) ?? (await fromPlaywright(say));
}

async function fromDebian(say: (text: string) => void): Promise<Chromium | null> {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const home = await unpackPackages(UNPACKED, ["chromium", "chromium-common", FONTS], () =>
      say("Fetching Chromium for the browser tests from Debian's archive (about 130 MB) ..."),
    );
    if (!home) return null;
    const executablePath = join(home, "usr/lib/chromium/chromium");
    const env = unpackedEnvironment(home);
    if (runs(executablePath, env)) return await withFonts(executablePath, env, say, home);
    forgetUnpacked(UNPACKED); // Ubuntu's package is an empty hint at a snap; or the system's libraries changed
    if (!existsSync(executablePath)) return null;
  }
  return null;
}

async function fromPlaywright(say: (text: string) => void): Promise<Chromium> {
  say("Fetching Chromium for the browser tests by Playwright (about 170 MB) ...");
  process.env.PLAYWRIGHT_BROWSERS_PATH = join(cacheFolder, "playwright");
  const ended = await new Promise<number | null>((resolve) => {
    const tool = spawn(join(root, "node_modules/.bin/playwright-core"), ["install", "chromium"], { stdio: "ignore" });
    endWithUs(tool);
    tool.once("error", () => resolve(null));
    tool.once("close", resolve);
  });
  // Imported late: it reads where browsers live when it is loaded.
  const { chromium } = await import("playwright-core");
  const executablePath = chromium.executablePath();
  if (ended !== 0 || !runs(executablePath, {})) {
    throw new Trouble(
      "No Chromium could be found or fetched for the browser tests: set PULSECAL_CHROMIUM to a Chromium or Chrome, or " +
        "install the package chromium (npm test -- --unit runs the tests that need none).",
    );
  }
  return await withFonts(executablePath, {}, say);
}

/** Without any font a page has no text: then one is fetched as well and named by a font configuration of our own. */
async function withFonts(
  executablePath: string,
  env: Record<string, string>,
  say: (text: string) => void,
  unpacked?: string,
): Promise<Chromium> {
  const whole = { ...ownEnvironment(), ...env };
  if (process.platform !== "linux" || (!unpacked && systemHasFonts()))
    return { executablePath, env: whole, args: ARGS };
  const home = unpacked ?? (await unpackPackages("fonts", [FONTS], () => say("Fetching a font ...")));
  if (!home) return { executablePath, env: whole, args: ARGS };
  return { executablePath, env: { ...whole, FONTCONFIG_FILE: writeFontConfiguration(home) }, args: ARGS };
}

function systemHasFonts(): boolean {
  const folder = "/usr/share/fonts";
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => /\.(ttf|otf|ttc)$/i.test(String(name)))
  );
}

function writeFontConfiguration(home: string): string {
  const file = join(makeFolder(join(cacheFolder, "fontconfig")), "fonts.conf");
  const folders = [join(home, "usr/share/fonts"), "/usr/share/fonts"].map(
    (folder) => `<dir>${escapeXml(folder)}</dir>`,
  );
  const generic = [
    ["sans-serif", "Noto Sans"],
    ["system-ui", "Noto Sans"],
    ["serif", "Noto Serif"],
    ["monospace", "Noto Sans Mono"],
  ].map(([name, font]) => `<alias><family>${name}</family><prefer><family>${font}</family></prefer></alias>`);
  // Every other name too ("sans", a brand's font) ends at a font without serifs.
  const last =
    '<match target="pattern"><edit name="family" mode="append_last"><string>Noto Sans</string></edit></match>';
  const cache = `<cachedir>${escapeXml(join(cacheFolder, "fontconfig"))}</cachedir>`;
  writeFileSync(
    file,
    ['<?xml version="1.0"?>', "<fontconfig>", ...folders, cache, ...generic, last, "</fontconfig>", ""].join("\n"),
  );
  return file;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function runs(command: string, env: Record<string, string>): boolean {
  const asked = spawnSync(command, ["--version", "--no-sandbox"], { env: { ...process.env, ...env }, timeout: 30_000 });
  return asked.status === 0;
}
