import { randomBytes } from "node:crypto";
import { newId } from "@pulsecal/db";
import { makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { parseKeyring, SealBroken } from "@pulsecal/vault";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServices, type Services } from "./services.ts";
import { signUpClinic } from "../testing/people.ts";
import { testServices } from "../testing/test-services.ts";
import { rewrapClinicKeys } from "./rewrap-clinic-keys.ts";
import { createVault } from "./vault.ts";

const encoded = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
const keyring = parseKeyring(encoded("k1"));
const now = () => new Date();

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const stored = (clinicId: string) =>
  t.admin("SELECT kek_id, wrapped FROM app.clinic_key WHERE clinic_id = $1", [clinicId]);

describe("a clinic's key", () => {
  test("is made once, whoever asks first, and every process opens the same", async () => {
    const { clinicId } = await makeClinic(t);
    const vaults = Array.from({ length: 8 }, () => createVault({ db: t.db, keyring, now }));
    const keys = await Promise.all(vaults.map((vault) => vault.clinicKey(clinicId)));
    expect(new Set(keys.map(({ key }) => key.toString("hex"))).size).toBe(1);
    expect(await stored(clinicId)).toHaveLength(1);
  });

  test("is made with the clinic at sign-up, and is not what is stored", async () => {
    const s: Services = testServices(t);
    try {
      const { clinicId } = await signUpClinic(s, t);
      const [row] = await stored(clinicId);
      const { key } = await s.vault.clinicKey(clinicId);
      expect(Buffer.from(row?.["wrapped"] as Buffer).includes(key)).toBe(false);
      expect(await stored(clinicId)).toHaveLength(1);
    } finally {
      await closeServices(s);
    }
  });

  test("does not open for a deployment with another key, nor when it was moved to another clinic", async () => {
    const [one, two] = [await makeClinic(t), await makeClinic(t)];
    const vault = createVault({ db: t.db, keyring, now });
    await vault.clinicKey(one.clinicId);
    await vault.clinicKey(two.clinicId);
    const stranger = createVault({ db: t.db, keyring: parseKeyring(encoded("k1")), now });
    await expect(stranger.clinicKey(one.clinicId)).rejects.toThrow(SealBroken);
    await t.admin(
      "UPDATE app.clinic_key SET wrapped = (SELECT wrapped FROM app.clinic_key WHERE clinic_id = $1) WHERE clinic_id = $2",
      [one.clinicId, two.clinicId],
    );
    await expect(createVault({ db: t.db, keyring, now }).clinicKey(two.clinicId)).rejects.toThrow(SealBroken);
  });

  test("is kept in memory for five minutes, and a failure is not", async () => {
    const { clinicId } = await makeClinic(t);
    let time = Date.UTC(2030, 0, 1);
    const vault = createVault({ db: t.db, keyring, now: () => new Date(time) });
    const first = await vault.clinicKey(clinicId);
    await t.admin("UPDATE app.clinic_key SET kek_id = 'gone' WHERE clinic_id = $1", [clinicId]);
    time += 5 * 60_000 - 1;
    expect(await vault.clinicKey(clinicId)).toBe(first);
    time += 1;
    await expect(vault.clinicKey(clinicId)).rejects.toThrow(SealBroken);
    await t.admin("UPDATE app.clinic_key SET kek_id = 'k1' WHERE clinic_id = $1", [clinicId]);
    expect((await vault.clinicKey(clinicId)).key.equals(first.key)).toBe(true);
  });

  test("gives way to newer ones when as many are kept as may be", async () => {
    const vault = createVault({ db: t.db, keyring, now, mostKept: 100 });
    const ids = Array.from({ length: 101 }, () => newId());
    const keys = new Map<string, unknown>();
    for (const id of ids) keys.set(id, await vault.clinicKey(id));
    const [first = "", second = ""] = ids;
    expect(await vault.clinicKey(second)).toBe(keys.get(second));
    expect(await vault.clinicKey(first)).not.toBe(keys.get(first));
    await t.admin("DELETE FROM app.clinic_key WHERE clinic_id = ANY($1)", [ids]);
  });
});

describe("a new key of the deployment", () => {
  test("wraps every clinic's key, goes on where a run ended, and opens what the old one sealed", async () => {
    const other = await testDatabase();
    try {
      const oldText = encoded("k1");
      const old = parseKeyring(oldText);
      const before = createVault({ db: other.db, keyring: old, now });
      const clinics = [await makeClinic(other), await makeClinic(other), await makeClinic(other)];
      await makeClinic(other);
      const keys = await Promise.all(clinics.map(({ clinicId }) => before.clinicKey(clinicId)));

      const newText = encoded("k2");
      const both = parseKeyring(`${newText},${oldText}`);
      await other.admin("UPDATE app.clinic_key SET kek_id = 'lost' WHERE clinic_id = $1", [clinics[2]?.clinicId]);
      await expect(rewrapClinicKeys(other.db, both)).rejects.toThrow(SealBroken);
      await other.admin("UPDATE app.clinic_key SET kek_id = 'k1' WHERE kek_id = 'lost'");
      expect(await rewrapClinicKeys(other.db, both)).toEqual({ clinics: 4, rewrapped: 1, already: 2, withoutKey: 1 });
      expect(await rewrapClinicKeys(other.db, both)).toEqual({ clinics: 4, rewrapped: 0, already: 3, withoutKey: 1 });

      const after = createVault({ db: other.db, keyring: parseKeyring(newText), now });
      for (const [at, { clinicId }] of clinics.entries())
        expect((await after.clinicKey(clinicId)).key.equals(keys[at]?.key ?? Buffer.of())).toBe(true);
    } finally {
      await other.close();
    }
  });
});
