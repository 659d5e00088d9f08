import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blindIndex,
  newClinicKey,
  newPatientKey,
  openClinicKey,
  openPatientKey,
  openText,
  parseKeyring,
  SealBroken,
  sealText,
  wrapClinicKey,
} from "./index.ts";

const encoded = (id: string): string => `${id}:${randomBytes(32).toString("base64")}`;
const ring = parseKeyring(encoded("k1"));
const clinic = newClinicKey(ring, "clinic-a").opened;
const patient = newPatientKey(clinic, "patient-1").opened;
const place = { table: "patient", column: "phone", rowId: "patient-1" };

describe("the envelope", () => {
  it("opens what it sealed, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => openText(patient, place, sealText(patient, place, text)) === text,
      ),
    );
  });

  it("never seals the same text to the same bytes", () => {
    expect(sealText(patient, place, "082 123 4567").equals(sealText(patient, place, "082 123 4567"))).toBe(false);
  });

  it("refuses a value moved to another row, column, table or clinic", () => {
    const blob = sealText(patient, place, "082 123 4567");
    const otherClinic = { ...patient, clinicId: "clinic-b" };
    expect(() => openText(patient, { ...place, rowId: "patient-2" }, blob)).toThrow(SealBroken);
    expect(() => openText(patient, { ...place, column: "email" }, blob)).toThrow(SealBroken);
    expect(() => openText(patient, { ...place, table: "booking" }, blob)).toThrow(SealBroken);
    expect(() => openText(otherClinic, place, blob)).toThrow(SealBroken);
  });

  it("refuses a value with any one bit changed", () => {
    const blob = sealText(patient, place, "082 123 4567");
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const changed = Buffer.from(blob);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openText(patient, place, changed)).toThrow(SealBroken);
    }
  });

  it("refuses a blob cut short", () => {
    const blob = sealText(patient, place, "x");
    for (let length = 0; length < blob.length; length += 1)
      expect(() => openText(patient, place, blob.subarray(0, length))).toThrow(SealBroken);
  });

  it("does not open a patient's key under another clinic's key", () => {
    const stored = newPatientKey(clinic, "patient-1").stored;
    const other = newClinicKey(ring, "clinic-b").opened;
    expect(() => openPatientKey(other, stored)).toThrow(SealBroken);
    expect(() => openPatientKey(other, { ...stored, clinicId: "clinic-b" })).toThrow(SealBroken);
  });
});

describe("rotating the deployment's key", () => {
  it("rewraps clinic keys and leaves every sealed value readable", () => {
    const first = encoded("k1");
    const oldRing = parseKeyring(first);
    const { stored, opened } = newClinicKey(oldRing, "clinic-a");
    const wrapped = newPatientKey(opened, "p").stored;
    const both = parseKeyring(`${encoded("k2")},${first}`);
    const rewrapped = wrapClinicKey(both, openClinicKey(both, stored));
    expect(rewrapped.kekId).toBe("k2");
    const onlyNew = parseKeyring(`k2:${both.current.key.toString("base64")}`);
    expect(openPatientKey(openClinicKey(onlyNew, rewrapped), wrapped).patientId).toBe("p");
    expect(() => openClinicKey(onlyNew, stored)).toThrow(SealBroken);
  });
});

describe("the blind index", () => {
  it("is equal for equal values of one column of one clinic only", () => {
    const other = newClinicKey(ring, "clinic-b").opened;
    const value = blindIndex(clinic, "phone", "+27821234567");
    expect(blindIndex(clinic, "phone", "+27821234567").equals(value)).toBe(true);
    expect(blindIndex(clinic, "phone", "+27821234568").equals(value)).toBe(false);
    expect(blindIndex(clinic, "email", "+27821234567").equals(value)).toBe(false);
    expect(blindIndex(other, "phone", "+27821234567").equals(value)).toBe(false);
    expect(value).toHaveLength(16);
  });
});

describe("the keyring", () => {
  it("names what is wrong and never the key", () => {
    expect(() => parseKeyring("k1:short")).toThrow('key "k1" is not 32 bytes in base64');
    expect(() => parseKeyring(`K 1:${randomBytes(32).toString("base64")}`)).toThrow("a key id is");
    const one = encoded("k1");
    expect(() => parseKeyring(`${one},${one}`)).toThrow("no id twice");
  });
});
