import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(10 * 256);
let used = pool.length;
let last = 0;
let counter = 0;

/**
 * A uuid v7 (RFC 9562): sortable by time, and within this process always greater than the one before, also in one
 * millisecond or when the clock steps back (method 1: a 12-bit counter in rand_a, seeded low each millisecond).
 */
export function newId(): string {
  const bytes = take(10);
  const now = Date.now();
  if (now > last) {
    last = now;
    counter = bytes.readUInt16BE(8) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      last += 1;
      counter = 0;
    }
  }
  const time = last.toString(16).padStart(12, "0");
  const sequence = (0x7000 | counter).toString(16);
  const variant = (0x8000 | (bytes.readUInt16BE(0) & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${variant}-${bytes.toString("hex", 2, 8)}`;
}

function take(length: number): Buffer {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += length;
  return pool.subarray(used - length, used);
}
