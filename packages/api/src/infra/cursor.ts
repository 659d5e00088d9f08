import { sameText, sign } from "./tokens.ts";

/** A place in the order of events: the writing transaction, then the row within it. */
export type Position = { tx: bigint; seq: bigint };

export type ReadCursor = { position: Position; issuedAt: number };

export function isAfter(a: Position, b: Position): boolean {
  return a.tx > b.tx || (a.tx === b.tx && a.seq > b.seq);
}

/** An opaque cursor for one feed (a clinic's id or "platform"); anybody else's is refused by its signature. */
export function writeCursor(secret: string, feed: string, position: Position, now: number): string {
  const body = `1.${position.tx.toString(36)}.${position.seq.toString(36)}.${Math.floor(now / 1000).toString(36)}`;
  return `${body}.${signature(secret, feed, body)}`;
}

/** The position in a cursor, or null when it is malformed, forged or belongs to another feed. */
export function readCursor(secret: string, feed: string, cursor: string): ReadCursor | null {
  const found = /^(1\.([0-9a-z]{1,13})\.([0-9a-z]{1,13})\.([0-9a-z]{1,9}))\.([\w-]{22})$/.exec(cursor);
  if (!found) return null;
  const [, body = "", tx = "", seq = "", at = "", given = ""] = found;
  if (!sameText(given, signature(secret, feed, body))) return null;
  return { position: { tx: fromBase36(tx), seq: fromBase36(seq) }, issuedAt: Number.parseInt(at, 36) * 1000 };
}

function signature(secret: string, feed: string, body: string): string {
  return sign(secret, "live-cursor", feed, body).slice(0, 22);
}

function fromBase36(text: string): bigint {
  let value = 0n;
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value;
}
