import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chosenSecrets, keptSecrets } from "./secrets.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulsecal-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("are made once, differ from each other, and only their owner may read them", () => {
  const first = keptSecrets(folder);
  expect(new Set(Object.values(first)).size).toBe(5);
  expect(first.keyring).toMatch(/^k1:[A-Za-z0-9+/]{43}=$/);
  expect(keptSecrets(folder)).toEqual(first);
  expect(statSync(join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
});

test("one that is missing from an older file is added and the others stay", () => {
  const first = keptSecrets(folder);
  const file = join(folder, "secrets.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), redis: undefined }));
  expect(keptSecrets(folder)).toEqual({ ...first, redis: expect.not.stringMatching(first.redis) });
});

test("a damaged file is named, not replaced", () => {
  writeFileSync(join(folder, "secrets.json"), "{");
  expect(() => keptSecrets(folder)).toThrow(/secrets\.json cannot be read/);
});

test("what the operator sets stands above what is kept", () => {
  const kept = keptSecrets(folder);
  expect(chosenSecrets(kept, { PULSECAL_SECRET: "mine" })).toEqual({ ...kept, app: "mine" });
  expect(chosenSecrets(kept, { PULSECAL_KEYRING: "k2:x" })).toEqual({ ...kept, keyring: "k2:x" });
});
