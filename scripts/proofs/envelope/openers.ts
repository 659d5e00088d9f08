import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { type Keyring, openClinicKey, openPatientKey, openText } from "@pulsecal/vault";
import type { Cell } from "./sealed-world.ts";

/** Opens a value as its row stands, or throws. */
export type Opener = (cell: Cell) => unknown;

/** The product's own way. */
export function productOpener(keyring: Keyring): Opener {
  return ({ clinic, patient, place, blob }) =>
    openText(openPatientKey(openClinicKey(keyring, clinic), patient), place, blob);
}

/** Control: the same layers sealed anew without the place bound in. */
export function unboundBuild(keyring: Keyring, cells: Cell[]): { cells: Cell[]; open: Opener } {
  const clinicKeys = new Map<string, { key: Buffer; wrapped: Buffer }>();
  const patientKeys = new Map<string, { key: Buffer; wrapped: Buffer }>();
  const made = (kept: typeof clinicKeys, id: string, outer: Buffer) => {
    const key = randomBytes(32);
    const found = kept.get(id) ?? { key, wrapped: sealUnbound(outer, key) };
    kept.set(id, found);
    return found;
  };
  const kek = keyring.current.key;
  return {
    cells: cells.map((cell) => {
      const clinic = made(clinicKeys, cell.clinic.clinicId, kek);
      const patient = made(patientKeys, cell.patient.patientId, clinic.key);
      return {
        ...cell,
        clinic: { ...cell.clinic, wrapped: clinic.wrapped },
        patient: { ...cell.patient, wrapped: patient.wrapped },
        blob: sealUnbound(patient.key, Buffer.from("told in confidence")),
      };
    }),
    open: ({ clinic, patient, blob }) =>
      openUnbound(openUnbound(openUnbound(kek, clinic.wrapped), patient.wrapped), blob),
  };
}

/** Control: the product's layout read by somebody who does not look at the tag. */
export function unauthenticatedOpener(keyring: Keyring): Opener {
  const read = (key: Buffer, blob: Uint8Array) =>
    createDecipheriv("aes-256-gcm", key, blob.subarray(5, 17)).update(blob.subarray(17, blob.length - 16));
  return ({ clinic, patient, blob }) => read(read(read(keyring.current.key, clinic.wrapped), patient.wrapped), blob);
}

function sealUnbound(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function openUnbound(key: Buffer, blob: Uint8Array): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(blob.subarray(blob.length - 16));
  return Buffer.concat([decipher.update(blob.subarray(12, blob.length - 16)), decipher.final()]);
}
