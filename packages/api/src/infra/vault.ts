import type { Database, TenantTx } from "@pulsecal/db";
import { type ClinicKey, type Keyring, newClinicKey, openClinicKey, type WrappedClinicKey } from "@pulsecal/vault";

/** The keys of clinics, as this process has them open. */
export type Vault = {
  /** The clinic's key: from memory when it was opened lately, else read, else made. */
  clinicKey(clinicId: string): Promise<ClinicKey>;
  /** Makes the key of a clinic in the transaction that founds it. */
  found(tx: TenantTx, clinicId: string): Promise<void>;
};

export type VaultOptions = {
  db: Database;
  keyring: Keyring;
  now(): Date;
  /** Opened keys kept at most. A few hundred bytes each; fewer than a node's clinics would cost every booking a read. */
  mostKept?: number;
};

/** How long an opened key is kept: a key taken away from the deployment is out of memory after that. */
const lifeMs = 5 * 60_000;

/** Opens clinics' keys with the deployment's. Nothing is read before a key is asked for. */
export function createVault({ db, keyring, now, mostKept = 20_000 }: VaultOptions): Vault {
  const kept = new Map<string, { key: Promise<ClinicKey>; until: number }>();

  function clinicKey(clinicId: string): Promise<ClinicKey> {
    const found = kept.get(clinicId);
    const time = now().getTime();
    if (found && time < found.until) return found.key;
    const key = openKey(db, keyring, clinicId);
    kept.delete(clinicId);
    kept.set(clinicId, { key, until: time + lifeMs });
    // A map gives its keys in the order they came: the first is the oldest.
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    // What could not be opened is asked for anew, not remembered.
    key.catch(() => {
      if (kept.get(clinicId)?.key === key) kept.delete(clinicId);
    });
    return key;
  }

  return {
    clinicKey,
    async found(tx, clinicId) {
      const { version, kekId, wrapped } = newClinicKey(keyring, clinicId).stored;
      await tx.$executeRaw`
        INSERT INTO app.clinic_key (clinic_id, id, version, kek_id, wrapped)
        VALUES (${clinicId}::uuid, ${clinicId}::uuid, ${version}::int, ${kekId}::text, ${wrapped}::bytea)`;
    },
  };
}

/** Of several processes that find no key at the same moment one stores its own; all open the stored one. */
async function openKey(db: Database, keyring: Keyring, clinicId: string): Promise<ClinicKey> {
  const stored = await storedKey(db, clinicId);
  if (stored) return openClinicKey(keyring, stored);
  const made = newClinicKey(keyring, clinicId);
  const { version, kekId, wrapped } = made.stored;
  const won = await db.writeOnce(
    contextOf(clinicId),
    (once) => once.$queryRaw<unknown[]>`
      INSERT INTO app.clinic_key (clinic_id, id, version, kek_id, wrapped)
      VALUES (${clinicId}::uuid, ${clinicId}::uuid, ${version}::int, ${kekId}::text, ${wrapped}::bytea)
      ON CONFLICT DO NOTHING RETURNING id`,
  );
  if (won.length > 0) return made.opened;
  const other = await storedKey(db, clinicId);
  if (!other) throw new Error("a clinic's key was stored and is not there");
  return openClinicKey(keyring, other);
}

async function storedKey(db: Database, clinicId: string): Promise<WrappedClinicKey | null> {
  const rows = await db.withTenant(
    contextOf(clinicId),
    (reads) => reads.$queryRaw<WrappedClinicKey[]>`
      SELECT clinic_id AS "clinicId", version, kek_id AS "kekId", wrapped FROM app.clinic_key WHERE clinic_id = ${clinicId}::uuid`,
  );
  return rows[0] ?? null;
}

function contextOf(clinicId: string) {
  return { clinicId, actor: "system:vault" };
}
