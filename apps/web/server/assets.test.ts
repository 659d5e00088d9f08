import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Assets, accepts, assetResponse, readAssets } from "./assets.ts";
import { compressAssets } from "./compress-assets.ts";

const css = "body { color: #1a1f1c; }\n".repeat(50);
let directory: string;
let assets: Assets;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assets-"));
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "assets/face-1.css"), css);
  await writeFile(join(directory, "assets/face-1.css.map"), "{}");
  await writeFile(join(directory, "favicon.svg"), "<svg/>");
  await writeFile(join(directory, ".env"), "secret");
  await compressAssets(directory);
  assets = await readAssets(directory);
});

afterAll(() => rm(directory, { recursive: true }));

describe("static files", () => {
  test("a hashed file is kept for good and leaves as brotli where that is taken", async () => {
    const response = assetResponse(assets, "/assets/face-1.css", "gzip, br");
    expect(response?.headers.get("Content-Encoding")).toBe("br");
    expect(response?.headers.get("Cache-Control")).toContain("immutable");
    expect(response?.headers.get("Vary")).toBe("Accept-Encoding");
    const body = Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer());
    expect(brotliDecompressSync(body).toString()).toBe(css);
  });

  test("a browser that takes nothing gets the file as it is", async () => {
    const response = assetResponse(assets, "/assets/face-1.css", "");
    expect(response?.headers.has("Content-Encoding")).toBe(false);
    expect(await response?.text()).toBe(css);
  });

  test("a file without a hash may change", () => {
    expect(assetResponse(assets, "/favicon.svg", "")?.headers.get("Cache-Control")).toBe("public, max-age=3600");
  });

  test.each([
    "/.env",
    "/assets/face-1.css.map",
    "/assets/face-1.css.br",
    "/assets/../.env",
    "/assets/",
    "/nothing.css",
  ])("%s does not exist", (path) => {
    expect(assetResponse(assets, path, "br")).toBeNull();
  });
});

test("q=0 is a refusal of a coding", () => {
  expect(accepts("br;q=0, gzip;q=0.5", "br")).toBe(false);
  expect(accepts("br;q=0, gzip;q=0.5", "gzip")).toBe(true);
  expect(accepts("", "br")).toBe(false);
});
