/** A 256-bit key with the short name that stands in front of everything it wrapped. */
export type NamedKey = { id: string; key: Buffer };

/** The key-encryption keys of this deployment: the current one wraps, every one still opens. */
export type Keyring = { current: NamedKey; byId: ReadonlyMap<string, NamedKey> };

const keyId = /^[a-z0-9-]{1,16}$/;

/**
 * Reads `id:base64key[,id:base64key...]`, the current key first.
 * @throws Error naming what is wrong, never the key itself
 */
export function parseKeyring(text: string): Keyring {
  const keys = text.split(",").map((part): NamedKey => {
    const [id = "", encoded = ""] = part.trim().split(":");
    const key = Buffer.from(encoded, "base64");
    if (!keyId.test(id)) throw new Error("a key id is 1 to 16 lower-case letters, digits or dashes");
    if (key.length !== 32) throw new Error(`key "${id}" is not 32 bytes in base64`);
    return { id, key };
  });
  const byId = new Map(keys.map((key) => [key.id, key]));
  const current = keys[0];
  if (!current || byId.size !== keys.length) throw new Error("a keyring needs at least one key and no id twice");
  return { current, byId };
}
