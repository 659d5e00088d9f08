import type { StaffBooking } from "../types.ts";

/** A confirmed booking of a Tuesday at half past ten in Johannesburg, for tests; what matters is given. */
export const staffBooking = (over: Partial<StaffBooking> & { id: string }): StaffBooking => ({
  ref: "K7Q2",
  state: "confirmed",
  start: new Date("2026-11-24T08:30:00Z"),
  end: new Date("2026-11-24T08:50:00Z"),
  patientName: "Pillay",
  serviceName: "Check-up",
  practitionerId: "p1",
  practitionerName: "Dr Mokoena",
  bookedBy: "patient",
  createdAt: new Date("2026-11-20T08:00:00Z"),
  sequence: 0,
  serviceId: "s1",
  patientId: "t1",
  resourceIds: ["p1"],
  rooms: [],
  squeezedIn: false,
  setId: null,
  setKind: null,
  seat: null,
  movedFrom: null,
  holdExpiresAt: null,
  ...over,
});
