import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import {
  findPractitioners,
  keepBooking,
  type Leave,
  type LeaveKeepInput,
  type LeavePreviewInput,
  type LeaveSaveInput,
  type Reads,
  saveLeave,
} from "../../scheduling/index.ts";
import type { StaffBooking } from "../booking.schema.ts";
import { loadStaffBookings } from "../desk/staff-booking.repo.ts";
import { bookingsMeeting, bookingsUnderLeave, type UnderLeave } from "./affected.repo.ts";

/** Leave, and the bookings under it that staff have still to settle. */
export type LeaveWithBookings = { leave: Leave; bookings: StaffBooking[] };

/** What leave would lie over, before it is written. */
export async function previewLeave(work: Work, input: LeavePreviewInput): Promise<StaffBooking[]> {
  const span = { from: input.startsAt.getTime(), to: input.endsAt.getTime() };
  return inTenant(work, async (db) => {
    const people = await findPractitioners(db, work.clinicId);
    if (!people.some(({ id }) => id === input.practitionerId)) throw refuse("not_found");
    const ids = await bookingsMeeting(db, work.clinicId, input.practitionerId, span);
    return loadStaffBookings(db, work.clinicId, ids);
  });
}

/** Writes leave and says what it lies over. */
export async function saveLeaveOver(work: Work, input: LeaveSaveInput): Promise<LeaveWithBookings> {
  const leave = await saveLeave(work, input);
  return inTenant(work, async (db) => {
    const under = await bookingsUnderLeave(db, work.clinicId, leave.id);
    return { leave, bookings: await bookingsOf(db, work.clinicId, under) };
  });
}

/** All leave ahead that still has bookings to settle, by its start. */
export async function affectedByLeave(work: Work): Promise<LeaveWithBookings[]> {
  return inTenant(work, async (db) => {
    const under = await bookingsUnderLeave(db, work.clinicId, null);
    const bookings = new Map((await bookingsOf(db, work.clinicId, under)).map((booking) => [booking.id, booking]));
    const byLeave = new Map<string, LeaveWithBookings>();
    for (const { leave, bookingId } of under) {
      const booking = bookings.get(bookingId);
      const found = byLeave.get(leave.id) ?? { leave, bookings: [] };
      if (booking) found.bookings.push(booking);
      byLeave.set(leave.id, found);
    }
    return [...byLeave.values()];
  });
}

/** Lets a booking stand under leave; one that does not lie there is not found. */
export function keepUnderLeave(work: Work, input: LeaveKeepInput): Promise<{ kept: true }> {
  return keepBooking(work, input, async (db) => {
    const under = await bookingsUnderLeave(db, work.clinicId, input.leaveId);
    if (!under.some(({ bookingId }) => bookingId === input.bookingId)) throw refuse("not_found");
  });
}

function bookingsOf(db: Reads, clinicId: string, under: readonly UnderLeave[]): Promise<StaffBooking[]> {
  return loadStaffBookings(db, clinicId, [...new Set(under.map(({ bookingId }) => bookingId))]);
}
