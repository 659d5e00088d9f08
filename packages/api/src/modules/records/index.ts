export { contactMissing, hasContact, patientFields } from "./patient.schema.ts";
export { sealContact, sealDependant, type SealedPerson } from "./dependants.ts";
export { type PatientRow, putPatients } from "./patients.repo.ts";
export { ensurePatientKey } from "./patient-key.repo.ts";
export {
  openAnswer,
  openPatient,
  patientKeyOf,
  sealAnswer,
  sealBookingText,
  type SealedContact,
  sealDemoClinic,
  sealPatient,
  type StoredPatientKey,
} from "./sealed-patient.ts";
export { shredPatient } from "./shred-patient.ts";
