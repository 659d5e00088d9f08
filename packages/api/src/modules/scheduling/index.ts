export {
  type Bookable,
  isLimited,
  isSimple,
  type OfferedService,
  type Sources,
} from "./availability.ts";
export { loadAvailability, type Reads } from "./availability.repo.ts";
export type { Facts } from "./facts.repo.ts";
export { forgetFacts, readFacts, recallFacts } from "./known-facts.ts";
export { publicClinicRouter } from "./clinic.router.ts";
export { inOneFlight } from "./resource-lock.ts";
export { type LeaveKeepInput, type LeavePreviewInput, type LeaveSaveInput } from "./leave.schema.ts";
export { KeptOut, LeaveKeepIn, LeaveListIn, LeaveOut, LeavePreviewIn, LeaveSaveIn } from "./leave.schema.ts";
export { keepBooking, listLeave, removeLeave, saveLeave } from "./leave.ts";
export type { Leave } from "./leave.repo.ts";
export { staffClinicRulesRouter, staffClosuresRouter, staffRoomsRouter } from "./setup.router.ts";
export { RemovedOut, RemoveIn } from "./setup.schema.ts";
export { staffTimesRouter } from "./times.router.ts";
export { staffHoursRouter, staffPractitionersRouter, staffServicesRouter } from "./scheduling.router.ts";
export { Day, Key } from "./scheduling.schema.ts";
export { type LoadedQuestion, loadQuestion, questionOf, type Wanted } from "./question.ts";
export { nextTimes, searchTimes } from "./search-times.ts";
export { findAnswer, hashInput, onceMoreOnKeyRace, replay, type StoredAnswer, storeAnswer } from "./stored-answers.ts";
export {
  type Assignment,
  assignmentAt,
  checkLength,
  fairest,
  lengthsOf,
  nearest,
  type Occupied,
  occupiedBy,
  type OfferedTime,
  offeredTimes,
  spanAround,
  spanOfDays,
} from "./times.ts";
export { findPractitioners } from "./services.repo.ts";
export { withRememberedRules } from "./remembered-rules.ts";
export { steadinessOf, steadyAnswer } from "./steady-answers.ts";
