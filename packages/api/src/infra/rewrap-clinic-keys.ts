import type { Database } from "@pulsecal/db";
import { type Keyring, openClinicKey, wrapClinicKey } from "@pulsecal/vault";

export type Rewrapped = { clinics: number; rewrapped: number; already: number; withoutKey: number };

/**
 * Wraps every clinic's key with the deployment's current key; what the keys sealed stays as it is. One transaction a
 * clinic, and those already done are passed over: a run that was cut short is simply run again.
 * @throws SealBroken when the key a clinic's was wrapped with is no longer in the keyring
 */
export async function rewrapClinicKeys(db: Database, keyring: Keyring): Promise<Rewrapped> {
  const clinics = await db.withSystem("rewrap-keys", (tx) =>
    tx.clinic.findMany({ select: { id: true }, orderBy: { id: "asc" } }),
  );
  const counted: Rewrapped = { clinics: clinics.length, rewrapped: 0, already: 0, withoutKey: 0 };
  for (const { id } of clinics) counted[await rewrap(db, keyring, id)] += 1;
  return counted;
}

function rewrap(db: Database, keyring: Keyring, clinicId: string): Promise<"rewrapped" | "already" | "withoutKey"> {
  return db.withTx({ clinicId, actor: "system:rewrap-keys" }, async (tx) => {
    const stored = await tx.clinicKey.findFirst({ where: { clinicId } });
    if (!stored) return "withoutKey";
    if (stored.kekId === keyring.current.id) return "already";
    const { kekId, wrapped } = wrapClinicKey(keyring, openClinicKey(keyring, stored));
    // Two runs at once: the second finds the row changed and leaves it.
    const changed = await tx.$executeRaw`
      UPDATE app.clinic_key SET kek_id = ${kekId}::text, wrapped = ${wrapped}::bytea
      WHERE clinic_id = ${clinicId}::uuid AND kek_id = ${stored.kekId}::text`;
    return changed === 1 ? "rewrapped" : "already";
  });
}
