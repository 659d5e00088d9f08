import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import type { Report } from "../check.ts";

/**
 * The doors that see more than one clinic, and the only folders that may open them.
 * A new line here is a decision: say in the commit why the tenant door would not do.
 */
export const allowed: Record<string, RegExp[]> = {
  withAuth: [
    /^scripts\/admin\//,
    /^packages\/api\/src\/modules\/(identity|tenancy|platform|notifications)\//,
    /^packages\/api\/src\/infra\/services\.ts$/,
  ],
  readAuth: [/^packages\/api\/src\/modules\/(identity|tenancy)\//],
  withPlatform: [/^scripts\/admin\//, /^packages\/api\/src\/modules\/platform\//],
  withSystem: [
    /^packages\/api\/src\/infra\/(live-bus|live-read|rewrap-clinic-keys|services)\.ts$/,
    /^packages\/api\/src\/jobs\//,
    /^packages\/api\/src\/modules\/(tenancy|platform)\//,
  ],
};

const everywhere = [/^packages\/db\//, /\.test\.tsx?$/, /^packages\/api\/src\/testing\//];

/** Finds calls of a cross-clinic door outside the files that may make them. */
export function strayDoors(files: { path: string; text: string }[]): string[] {
  return files
    .filter((file) => !everywhere.some((pattern) => pattern.test(file.path)))
    .flatMap((file) =>
      Object.entries(allowed).flatMap(([door, paths]) =>
        new RegExp(`\\.${door}\\s*[(<]`).test(file.text) && !paths.some((pattern) => pattern.test(file.path))
          ? [`${file.path} opens ${door}`]
          : [],
      ),
    );
}

/** Reads every source file git knows and reports stray doors and unsafe raw SQL. */
export async function doorsReport(): Promise<Report> {
  const paths = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts", "*.tsx"], { encoding: "utf8" })
    .split("\n")
    .filter((path) => path && existsSync(path)); // a file deleted and not committed yet is still listed
  const files = paths.map((path) => ({ path, text: readFileSync(path, "utf8") }));
  const unsafe = files
    .filter(
      (file) => !everywhere.some((pattern) => pattern.test(file.path)) && /\$(query|execute)RawUnsafe/.test(file.text),
    )
    .map((file) => `${file.path} uses unsafe raw SQL`);
  const found = [...strayDoors(files), ...unsafe];
  return {
    ok: found.length === 0,
    summary: `${found.length} stray in ${files.length} files`,
    output: found.join("\n"),
  };
}
