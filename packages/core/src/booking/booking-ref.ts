/** Letters and digits that are not taken for one another when read aloud or written by hand. */
const ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY";
const LENGTH = 4;

/** Four characters for reading aloud, from at least four random bytes. It opens nothing. */
export function bookingRef(bytes: Uint8Array): string {
  if (bytes.length < 4) throw new RangeError("a reference needs at least four random bytes");
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let ref = "";
  for (let i = 0; i < LENGTH; i++) {
    ref += ALPHABET.charAt(Number(value % BigInt(ALPHABET.length)));
    value /= BigInt(ALPHABET.length);
  }
  return ref;
}
