import {
  blindIndex,
  type ClinicKey,
  newClinicKey,
  newPatientKey,
  openPatientKey,
  openText,
  parseKeyring,
  type PatientKey,
  sealText,
} from "@pulsecal/vault";

/** How a patient can be reached, in the clear. */
export type Contact = { email: string | null; phone: string | null };

type Bytes = Uint8Array<ArrayBuffer>;

/** The same as the patient's row keeps it; the indexes find equal values within one clinic. */
export type SealedContact = {
  emailSealed: Bytes | null;
  emailIndex: Bytes | null;
  phoneSealed: Bytes | null;
  phoneIndex: Bytes | null;
};

/** A patient's key as its row keeps it; `wrapped` is null once it was destroyed. */
export type StoredPatientKey = { version: number; wrapped: Uint8Array | null };

/** What is sealed of a booking, by its column. */
export type SealedText = "reason_sealed" | "cancel_reason_sealed" | "squeeze_reason_sealed";

/** Makes a new patient's key and seals how they can be reached under it. */
export function sealPatient(
  clinic: ClinicKey,
  patientId: string,
  { email, phone }: Contact,
): { key: PatientKey; stored: { version: number; wrapped: Bytes }; contact: SealedContact } {
  const { stored, opened } = newPatientKey(clinic, patientId);
  const seal = (column: string, text: string | null) =>
    text === null ? null : bytes(sealText(opened, { table: "patient", column, rowId: patientId }, text));
  const index = (column: string, text: string | null) =>
    text === null ? null : bytes(blindIndex(clinic, column, text));
  return {
    key: opened,
    stored: { version: stored.version, wrapped: bytes(stored.wrapped) },
    contact: {
      emailSealed: seal("email_sealed", email),
      emailIndex: index("email", email),
      phoneSealed: seal("phone_sealed", phone),
      phoneIndex: index("phone", phone),
    },
  };
}

/**
 * Opens a patient's key; null when it was destroyed.
 * @throws SealBroken when it is another clinic's or another patient's
 */
export function patientKeyOf(clinic: ClinicKey, patientId: string, stored: StoredPatientKey): PatientKey | null {
  const { version, wrapped } = stored;
  return wrapped && openPatientKey(clinic, { clinicId: clinic.clinicId, patientId, version, wrapped });
}

/**
 * How a patient can be reached; "erased" once their key was destroyed.
 * @throws SealBroken when the row was changed, or put together from others
 */
export function openPatient(
  clinic: ClinicKey,
  patient: { id: string; emailSealed: Uint8Array | null; phoneSealed: Uint8Array | null; key: StoredPatientKey | null },
): Contact | "erased" {
  // Without a key nothing was ever sealed: written by a factory or an import that knows no contact.
  if (!patient.key) return { email: null, phone: null };
  const key = patientKeyOf(clinic, patient.id, patient.key);
  if (!key) return "erased";
  const open = (column: string, blob: Uint8Array | null) =>
    blob && openText(key, { table: "patient", column, rowId: patient.id }, blob);
  return { email: open("email_sealed", patient.emailSealed), phone: open("phone_sealed", patient.phoneSealed) };
}

/** Seals a text a booking carries, for this booking and this column only. */
export function sealBookingText(key: PatientKey, bookingId: string, column: SealedText, text: string): Bytes {
  return bytes(sealText(key, { table: "booking", column, rowId: bookingId }, text));
}

/** @throws SealBroken */
export function openBookingText(key: PatientKey, bookingId: string, column: SealedText, blob: Uint8Array): string {
  return openText(key, { table: "booking", column, rowId: bookingId }, blob);
}

/** Seals what was answered to a question, for its own row only. */
export function sealAnswer(key: PatientKey, answerId: string, text: string): Bytes {
  return bytes(sealText(key, { table: "intake_answer", column: "answer_sealed", rowId: answerId }, text));
}

/** @throws SealBroken */
export function openAnswer(key: PatientKey, answerId: string, blob: Uint8Array): string {
  return openText(key, { table: "intake_answer", column: "answer_sealed", rowId: answerId }, blob);
}

/** The key of a demo clinic, which no sign-up makes, and its patients sealed under it. */
export function sealDemoClinic(
  keyring: string,
  clinicId: string,
  patients: readonly ({ id: string } & Contact)[],
): {
  clinicKey: { version: number; kekId: string; wrapped: Bytes };
  patients: { key: { version: number; wrapped: Bytes }; contact: SealedContact }[];
} {
  const { stored, opened } = newClinicKey(parseKeyring(keyring), clinicId);
  return {
    clinicKey: { version: stored.version, kekId: stored.kekId, wrapped: bytes(stored.wrapped) },
    patients: patients.map((patient) => {
      const sealed = sealPatient(opened, patient.id, patient);
      return { key: sealed.stored, contact: sealed.contact };
    }),
  };
}

/** Prisma takes bytes only in memory of their own, not in a Buffer's shared one. */
function bytes(from: Uint8Array): Bytes {
  return new Uint8Array(from);
}
