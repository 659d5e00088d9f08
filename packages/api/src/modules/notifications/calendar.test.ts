import { convertIcsCalendar } from "ts-ics";
import { expect, test } from "vitest";
import { type CalendarVisit, visitCalendar } from "./calendar.ts";

const visit: CalendarVisit = {
  uid: "0190-1@pulsecal.example",
  sequence: 0,
  start: new Date("2026-11-24T08:30:00Z"),
  end: new Date("2026-11-24T08:50:00Z"),
  changedAt: new Date("2026-11-20T10:00:00Z"),
  cancelled: false,
  clinicName: "Sunrise Clinic",
  practitionerName: "Dr Mokoena",
  place: "1 Long Street, Cape Town",
  url: "http://sunrise.pulsecal.example/b/x7Qk",
  organizerAddress: "hello@pulsecal.example",
  patient: { name: "Thandi", address: "thandi@example.org" },
};

const parse = (ics: string) => {
  const calendar = convertIcsCalendar(undefined, ics);
  return { method: calendar.method, event: calendar.events?.[0] };
};

test("the calendar file asks for the visit at the right instant", () => {
  const { ics } = visitCalendar(visit);
  const { method, event } = parse(ics);
  expect(ics).toContain("\r\nSEQUENCE:0\r\n");
  expect(method).toBe("REQUEST");
  expect(event?.start.date.toISOString()).toBe("2026-11-24T08:30:00.000Z");
  expect(event).toMatchObject({ uid: visit.uid, status: "CONFIRMED", summary: "Visit at Sunrise Clinic" });
  expect(event?.attendees?.[0]?.email).toBe("thandi@example.org");
});

test("a cancelled visit is the same event with a higher sequence", () => {
  const made = visitCalendar({ ...visit, cancelled: true, sequence: 1 });
  const { method, event } = parse(made.ics);
  expect([made.method, method]).toEqual(["CANCEL", "CANCEL"]);
  expect(event).toMatchObject({ uid: visit.uid, sequence: 1, status: "CANCELLED" });
});

test("names cannot add lines or properties to the file", () => {
  const nasty = 'Eve"\r\nATTENDEE:mailto:all@example.org\r\nX:;,\\';
  const { ics } = visitCalendar({
    ...visit,
    clinicName: nasty,
    practitionerName: nasty,
    place: nasty,
    patient: { name: nasty, address: "eve@example.org" },
  });
  const unfolded = ics.replace(/\r\n[ \t]/g, "").split("\r\n");
  expect(unfolded.filter((line) => line.startsWith("ATTENDEE"))).toHaveLength(1);
  expect(unfolded.filter((line) => line.startsWith("X:"))).toEqual([]);
  expect(parse(ics).event?.attendees).toHaveLength(1);
});
