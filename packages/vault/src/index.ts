export {
  blindIndex,
  newClinicKey,
  newPatientKey,
  openClinicKey,
  openPatientKey,
  openText,
  sealText,
  wrapClinicKey,
  wrapPatientKey,
} from "./envelope.ts";
export type { ClinicKey, PatientKey, WrappedClinicKey, WrappedPatientKey } from "./envelope.ts";
export { type Keyring, type NamedKey, parseKeyring } from "./keyring.ts";
export { type Place, SealBroken } from "./seal.ts";
