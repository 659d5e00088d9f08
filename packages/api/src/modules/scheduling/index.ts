export {
  type Bookable,
  loadAvailability,
  type OfferedService,
} from "./availability.repo.ts";
export type { Facts } from "./facts.repo.ts";
export { forgetFacts, readFacts, recallFacts } from "./known-facts.ts";
export { publicClinicRouter } from "./clinic.router.ts";
export { inOneFlight } from "./resource-lock.ts";
export { staffHoursRouter, staffPractitionersRouter, staffServicesRouter } from "./scheduling.router.ts";
export { Day, Key } from "./scheduling.schema.ts";
export { nextTimes, searchTimes } from "./search-times.ts";
export { findAnswer, hashInput, onceMoreOnKeyRace, replay, type StoredAnswer } from "./stored-answers.ts";
export { fairest, nearest, type OfferedTime, offeredTimes, spanAround, spanOfDays } from "./times.ts";
