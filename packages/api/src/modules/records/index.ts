export { contactMissing, hasContact, patientFields } from "./patient.schema.ts";
export { ensurePatientKey } from "./patient-key.repo.ts";
export {
  openPatient,
  patientKeyOf,
  sealBookingText,
  type SealedContact,
  sealDemoClinic,
  sealPatient,
  type StoredPatientKey,
} from "./sealed-patient.ts";
export { shredPatient } from "./shred-patient.ts";
