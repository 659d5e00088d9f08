import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";

const BEAT_MS = 2_000;
// A holder that has not touched its lock for this long is gone, even when its process id lives on in another program.
const STALE_MS = 20_000;

/**
 * Runs `work` while holding the lock file; waits for another holder. `onWait` is called once, when it has to wait.
 */
export async function withLock(file, work, onWait = () => {}) {
  const token = `${process.pid} ${Math.random().toString(36).slice(2)}`;
  let waited = false;
  while (!take(file, token)) {
    if (dropIfStale(file)) continue;
    if (!waited) onWait();
    waited = true;
    await pause(200);
  }
  const beat = setInterval(() => touch(file), BEAT_MS);
  beat.unref();
  const release = () => {
    if (read(file) === token) rmSync(file, { force: true });
  };
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener("exit", release);
    release();
  }
}

function take(file, token) {
  try {
    const handle = openSync(file, "wx", 0o600);
    writeSync(handle, token);
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function dropIfStale(file) {
  const seen = read(file);
  if (seen === null) return true;
  if (isAlive(Number(seen.split(" ")[0])) && age(file) < STALE_MS) return false;
  // Take the file aside first: if a new holder slipped in between, it is put back untouched.
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (read(aside) !== seen) linkSync(aside, file);
    rmSync(aside, { force: true });
  } catch {
    // Another waiter was first.
  }
  return true;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function age(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // The folder went away: nothing to keep.
  }
}

function isAlive(pid) {
  if (!pid) return true; // the holder has made the file and not written its name yet
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
