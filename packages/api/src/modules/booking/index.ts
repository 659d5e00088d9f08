export { patientBookingRouter } from "./patient-booking.router.ts";
export { publicBookingRouter, publicLiveRouter } from "./public-booking.router.ts";
export { staffBookingRouter, staffTodayRouter } from "./staff-booking.router.ts";
export { staffLiveRouter } from "./staff-live.router.ts";
export { sweepHolds } from "./sweep-holds.ts";
