import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

const ISLANDS = { clinic: "app/islands/clinic.ts", start: "app/islands/start.ts" } as const;
const ID = "virtual:islands";

/**
 * Gives server code the public addresses of the islands: `import { islands } from "virtual:islands"`. React Router
 * deletes the client manifest after the build, so it is read while the server bundle is made, which comes second.
 */
export function islands(): Plugin {
  let root = "";
  let serving = false;
  return {
    name: "pulsecal-islands",
    configResolved(config) {
      root = config.root;
      serving = config.command === "serve";
    },
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    async load(id) {
      if (id !== `\0${ID}`) return null;
      const urls = serving ? sources() : await built(join(root, "build/client/.vite/manifest.json"));
      return `export const islands = ${JSON.stringify(urls)};`;
    },
  };
}

function sources(): Record<string, string> {
  return Object.fromEntries(Object.entries(ISLANDS).map(([name, file]) => [name, `/${file}`]));
}

async function built(manifestFile: string): Promise<Record<string, string>> {
  const manifest = JSON.parse(await readFile(manifestFile, "utf8")) as Record<string, { file: string }>;
  return Object.fromEntries(
    Object.entries(ISLANDS).map(([name, file]) => {
      const entry = manifest[file];
      if (!entry) throw new Error(`island ${file} is not in the client manifest`);
      return [name, `/${entry.file}`];
    }),
  );
}
