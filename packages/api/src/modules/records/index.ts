export { contactMissing, hasContact, patientFields } from "./patient.schema.ts";
