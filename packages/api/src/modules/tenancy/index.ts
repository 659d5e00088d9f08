export { clinicStatuses } from "./clinic-by-slug.ts";
