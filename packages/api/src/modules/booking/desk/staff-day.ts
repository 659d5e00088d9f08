import { dayOf } from "@pulsecal/core";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import type { Services } from "../../../infra/services.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { inOneFlight, spanOfDays } from "../../scheduling/index.ts";
import type { StaffBooking } from "../booking.schema.ts";
import {
  clinicReadiness,
  hasPractitioner,
  loadStaffBooking,
  mostRequests,
  openRequests,
  type Readiness,
  staffBookingsBetween,
  staffBookingsMeeting,
} from "./staff-booking.repo.ts";

export type StaffWork = Work & { clinic: { zone: string } };

/** A day's bookings as the staff see them, with what began the evening before and goes on into it. */
export function staffDay(work: StaffWork, date: string): Promise<StaffBooking[]> {
  return inTenant(work, (db) => staffBookingsMeeting(db, work.clinicId, spanOfDays(date, 1, work.clinic.zone)));
}

/** Seven days of one practitioner's bookings. */
export async function staffWeek(
  work: StaffWork,
  { practitionerId, from }: { practitionerId: string; from: string },
): Promise<StaffBooking[]> {
  const week = spanOfDays(from, 7, work.clinic.zone);
  return inTenant(work, async (db) => {
    if (!(await hasPractitioner(db, work.clinicId, practitionerId))) throw refuse("not_found");
    return staffBookingsMeeting(db, work.clinicId, week, practitionerId);
  });
}

/** One booking, or not_found. */
export async function staffBooking(work: Work, bookingId: string): Promise<StaffBooking> {
  const booking = await inTenant(work, (db) => loadStaffBooking(db, work.clinicId, bookingId));
  if (!booking) throw refuse("not_found");
  return booking;
}

/** The same for live events, where a booking that is gone is simply not there. */
export function readStaffBooking(s: Services, clinicId: string, bookingId: string): Promise<StaffBooking | null> {
  return inTenant({ s, clinicId, actor: "system:live" }, (db) => loadStaffBooking(db, clinicId, bookingId));
}

/** Today: the bookings, how many will come, the requests to answer on whatever day, and what else needs a person. */
export async function staffToday(work: StaffWork) {
  const { zone } = work.clinic;
  const date = dayOf(work.s.now().getTime(), zone);
  const [bookings, requests, readiness] = await inTenant(work, (db) =>
    inOneFlight([
      staffBookingsBetween(db, work.clinicId, spanOfDays(date, 1, zone)),
      openRequests(db, work.clinicId),
      clinicReadiness(db, work.clinicId),
    ]),
  );
  const gone = new Set(["cancelled", "declined", "no_show", "held"]);
  return {
    date,
    zone,
    booked: bookings.filter((booking) => !gone.has(booking.state)).length,
    requests,
    // Counted only where the list is cut: read a moment apart, the two could differ.
    requestCount: requests.length < mostRequests ? requests.length : Math.max(requests.length, readiness.requests),
    needs: needsOf(readiness),
    bookings,
  };
}

type Need = { kind: string; text: string; href: string };

function needsOf(clinic: Readiness): Need[] {
  const needs: Need[] = [];
  if (clinic.status === "practice") {
    needs.push({
      kind: "approval",
      text: "Waiting for approval. Patients cannot book yet.",
      href: "/portal/settings/hours",
    });
  }
  if (clinic.status === "live" && clinic.waitingPractitioners > 0) {
    const many = clinic.waitingPractitioners;
    needs.push({
      kind: "practitioner_approval",
      text: many === 1 ? "1 doctor is waiting for approval." : `${many} doctors are waiting for approval.`,
      href: "/portal/settings/hours",
    });
  }
  for (const { id, name } of clinic.withoutHours) {
    needs.push({
      kind: "hours",
      text: `${name} has no opening hours yet.`,
      href: `/portal/settings/hours?who=${id}`,
    });
  }
  if (clinic.bookableServices === 0) {
    needs.push({ kind: "services", text: "No service can be booked yet.", href: "/portal/settings/services" });
  }
  return needs;
}
