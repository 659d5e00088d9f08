import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";

/**
 * Where a sealed value lives. It is bound into the seal (AES-GCM's additional data), so a blob copied to another row,
 * column or clinic does not open there.
 */
export type Place = { clinicId: string; table: string; column: string; rowId: string };

const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + 4 + nonceBytes;

/** A value that does not open: another place, another key, or a changed bit. It says no more than that. */
export class SealBroken extends Error {
  override name = "SealBroken";
  constructor() {
    super("a sealed value does not open");
  }
}

const bind = (place: Place, keyVersion: number): Buffer =>
  Buffer.from(`${place.clinicId}|${place.table}|${place.column}|${place.rowId}|${keyVersion}`, "utf8");

/**
 * Seals bytes with AES-256-GCM. The key goes in as a KeyObject: Node takes four times as long over the bytes themselves.
 * Layout: 1 byte format, 4 bytes key version (big-endian), 12 bytes random nonce, ciphertext, 16 bytes tag.
 * A key seals one patient's values, so random nonces stay far below GCM's budget of 2^32 messages (NIST SP 800-38D 8.3).
 */
export function seal(key: Buffer, keyVersion: number, place: Place, plain: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const head = Buffer.alloc(5);
  head.writeUInt8(formatVersion, 0);
  head.writeUInt32BE(keyVersion, 1);
  const cipher = createCipheriv("aes-256-gcm", createSecretKey(key), nonce);
  cipher.setAAD(bind(place, keyVersion));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([head, nonce, body, cipher.getAuthTag()]);
}

/** The version of the key a blob was sealed with. @throws SealBroken when it is not one of ours */
export function sealedWith(blob: Uint8Array): number {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (bytes.length < headBytes + tagBytes || bytes.readUInt8(0) !== formatVersion) throw new SealBroken();
  return bytes.readUInt32BE(1);
}

/** Opens what `seal` made for this very place. @throws SealBroken */
export function open(key: Buffer, place: Place, blob: Uint8Array): Buffer {
  const version = sealedWith(blob);
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  try {
    const nonce = bytes.subarray(5, headBytes);
    const decipher = createDecipheriv("aes-256-gcm", createSecretKey(key), nonce, { authTagLength: tagBytes });
    decipher.setAAD(bind(place, version));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(headBytes, bytes.length - tagBytes)), decipher.final()]);
  } catch {
    throw new SealBroken();
  }
}
