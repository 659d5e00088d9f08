export {
  type Availability,
  type Bookable,
  loadAvailability,
  type OfferedService,
} from "./availability.repo.ts";
export { publicClinicRouter } from "./clinic.router.ts";
export { inOneFlight, lockResources, type LockResources } from "./resource-lock.ts";
export { staffHoursRouter, staffPractitionersRouter, staffServicesRouter } from "./scheduling.router.ts";
export { Day, Key } from "./scheduling.schema.ts";
export { nextTimes, searchTimes } from "./search-times.ts";
export { findAnswer, hashInput, onceMoreOnKeyRace, replay } from "./stored-answers.ts";
export { fairest, nearest, type OfferedTime, offeredTimes, peopleFor, spanAround, spanOfDays } from "./times.ts";
