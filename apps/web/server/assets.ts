import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

type Encoding = "br" | "gzip" | "identity";
type Asset = { type: string; immutable: boolean; bodies: Partial<Record<Encoding, Buffer>> };
export type Assets = ReadonlyMap<string, Asset>;

/**
 * Reads the client build into memory: a few hundred kB, once. What is not in the map does not exist, so no request can
 * name a file outside it, a source map or a dot file.
 */
export async function readAssets(directory: string): Promise<Assets> {
  const assets = new Map<string, Asset>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || !type || entry.name.startsWith(".")) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join("/")}`;
    const [identity, br, gzip] = await Promise.all([readFile(file), optional(`${file}.br`), optional(`${file}.gz`)]);
    assets.set(path, { type, immutable: path.startsWith("/assets/"), bodies: { identity, br, gzip } });
  }
  return assets;
}

/** The file at a path, in the smallest encoding the browser takes; null when there is none. */
export function assetResponse(assets: Assets, path: string, acceptEncoding: string): Response | null {
  const asset = assets.get(path);
  if (!asset) return null;
  const encoding = (["br", "gzip"] as const).find((name) => asset.bodies[name] && accepts(acceptEncoding, name));
  const body = asset.bodies[encoding ?? "identity"];
  if (!body) return null;
  const headers = new Headers({
    "Content-Type": asset.type,
    "Content-Length": String(body.byteLength),
    "Cache-Control": asset.immutable ? "public, max-age=31536000, immutable" : "public, max-age=3600",
    Vary: "Accept-Encoding",
  });
  if (encoding) headers.set("Content-Encoding", encoding);
  return new Response(new Uint8Array(body), { headers });
}

/** Whether an Accept-Encoding header takes a coding; `q=0` is a refusal. */
export function accepts(header: string, coding: string): boolean {
  return header.split(",").some((part) => {
    const [name, ...parameters] = part.trim().toLowerCase().split(";");
    return name?.trim() === coding && !parameters.some((parameter) => /^\s*q=0(\.0*)?\s*$/.test(parameter));
  });
}

async function optional(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
