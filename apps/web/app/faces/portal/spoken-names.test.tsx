import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { MemoryRouter } from "react-router";
import { expect, test } from "vitest";
import { BookingBlock } from "./booking-block.tsx";
import { staffBooking } from "./testing/staff-booking.ts";
import { DoctorNow } from "./today-doctor.tsx";
import type { StaffBooking } from "./types.ts";

const zone = "Africa/Johannesburg";
const booking = staffBooking({ id: "b1", patientName: "Lerato Dube" });

/** The words of the links in what is drawn, as they are read out. */
function linkNames(drawn: ReactNode): string[] {
  const html = renderToStaticMarkup(<MemoryRouter>{drawn}</MemoryRouter>);
  return [...html.matchAll(/<a [^>]*>(.*?)<\/a>/g)].map(([, inside = ""]) =>
    inside
      .replace(/<[^>]+>/g, "")
      .replace(/\s+/g, " ")
      .replace(/ ,/g, ",")
      .trim(),
  );
}

test("a booking in the day's columns is spoken with start, end, person, state, service and doctor", () => {
  const block = (one: StaffBooking) => (
    <BookingBlock booking={one} zone={zone} href="/portal/agenda" mark={undefined} open={false} tall />
  );
  expect(linkNames(block(booking))).toEqual(["10:30 to 10:50, Lerato Dube, Confirmed, Check-up, Dr Mokoena"]);
  expect(linkNames(block({ ...booking, state: "held", patientName: null }))).toEqual([
    "10:30 to 10:50, Being booked, Held, Check-up, Dr Mokoena",
  ]);
});

test("whom a doctor sees next is spoken with start, end, person and state", () => {
  const next = (
    <DoctorNow
      doctor={{ id: "p1", name: "Dr Mokoena", open: [], away: [] }}
      bookings={[booking]}
      now={+booking.start - 60_000}
      date="2026-11-24"
      zone={zone}
      hrefOf={() => "/portal/agenda"}
    />
  );
  expect(linkNames(next)).toEqual(["10:30 to 10:50, Lerato Dube, Confirmed"]);
});
