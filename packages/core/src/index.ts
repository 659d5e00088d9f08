export {
  type AccountId,
  accountId,
  type BookingId,
  type Brand,
  bookingId,
  type ClinicId,
  clinicId,
  type PatientId,
  type PractitionerId,
  patientId,
  practitionerId,
  type ResourceId,
  resourceId,
  type ServiceId,
  serviceId,
} from "./ids.ts";
export { blockText } from "./availability/block-text.ts";
export { type FreeWindow, findLengths, freeWindows, type LengthOffer } from "./availability/durations.ts";
export { explain } from "./availability/explain.ts";
export {
  type FamilyMode,
  type FamilyOffer,
  familyQuestion,
  findFamilyApart,
  findFamilyTimes,
  type Member,
} from "./availability/family.ts";
export { findStarts, findTimes } from "./availability/find-times.ts";
export { checkTime, freeTimes, type SimpleQuestion } from "./availability/free-times.ts";
export { openState } from "./availability/open-state.ts";
export { openWindows } from "./availability/open-windows.ts";
export {
  evaluateSeries,
  nearestTimes,
  type Occurrence,
  type OccurrenceResult,
  type SeriesVerdict,
  withBooked,
} from "./availability/series.ts";
export { lastBookableDay } from "./availability/setting.ts";
export type {
  Alignment,
  Block,
  BlockReason,
  Busy,
  DateOverride,
  DayWindow,
  Horizon,
  Limit,
  Limits,
  Need,
  Offer,
  Question,
  ResourceCalendar,
  Rules,
  ServiceRule,
  ServiceSpec,
  Span,
  Timetable,
  WeeklyWindow,
} from "./availability/types.ts";
export { bookingRef } from "./booking/booking-ref.ts";
export { type CancelVerdict, canCancel, cancelUntil } from "./booking/cancel.ts";
export {
  EXTENSION_MINUTES,
  extendHold,
  HOLD_MINUTES,
  type HoldExtension,
  holdUntil,
  MAX_EXTENSIONS,
} from "./booking/hold.ts";
export { canReschedule, type MoveVerdict, stateAfterMove, withoutBooking } from "./booking/reschedule.ts";
export { type SeatVerdict, takeSeats } from "./booking/seats.ts";
export { decideSqueezeIn, type SqueezeIn } from "./booking/squeeze-in.ts";
export {
  type BookingState,
  bookingStates,
  bookingTransitions,
  canMove,
  isHoldExpired,
  occupies,
} from "./booking/states.ts";
export { canMarkNoShow, ownClashes } from "./booking/visit.ts";
export {
  fits,
  type Gap,
  type NextOffer,
  nextOffer,
  type OfferEvent,
  type Ranked,
  type WaitlistEntry,
  waitlistOrder,
} from "./booking/waitlist.ts";
export { type CaseAnswer, runCase, runCaseText } from "./cli/slots.ts";
export { type Cents, cents } from "./money/cents.ts";
export { formatMoney, type MoneyContext } from "./money/format-money.ts";
export {
  type ClinicRole,
  can,
  clinicRoles,
  type Permission,
  type PlatformRole,
  permissions,
  platformRoles,
} from "./permissions/permissions.ts";
export { type Place, placeOf } from "./tenancy/place.ts";
export { checkSlug, type SlugCheck, slugIdeas } from "./tenancy/slug.ts";
export { addDays } from "./time/calendar.ts";
export { dayOf, dayStart, wallTime } from "./time/days.ts";
export { formatDay, formatLongDay, formatRange, formatTime, formatWhen } from "./time/format-time.ts";
export { isZone } from "./time/zone.ts";
