import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canReach, makeFolder } from "./folders.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulsecal-folders-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stranger = { uid: 4_000_000, gid: 4_000_000 };

test("a folder closed to others is out of a stranger's reach, with everything below it", () => {
  chmodSync(folder, 0o755);
  const inner = makeFolder(join(folder, "a/b"));
  expect(canReach(join(inner, "file"), stranger)).toBe(true);
  chmodSync(folder, 0o700);
  expect(canReach(join(inner, "file"), stranger)).toBe(false);
});

test("its owner's and its group's bits count for them alone", () => {
  const { uid, gid } = statSync(folder);
  chmodSync(folder, 0o700);
  expect(canReach(join(folder, "file"), { uid, gid: stranger.gid })).toBe(true);
  expect(canReach(join(folder, "file"), { uid: stranger.uid, gid })).toBe(false);
  chmodSync(folder, 0o710);
  expect(canReach(join(folder, "file"), { uid: stranger.uid, gid })).toBe(true);
});

test("a made folder has its mode whatever the umask is", () => {
  const before = process.umask(0o077);
  try {
    const made = makeFolder(join(folder, "x/y"), 0o750);
    expect(statSync(made).mode & 0o777).toBe(0o750);
    expect(statSync(join(folder, "x")).mode & 0o777).toBe(0o755);
  } finally {
    process.umask(before);
  }
});
