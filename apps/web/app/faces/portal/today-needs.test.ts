import { describe, expect, test } from "vitest";
import { staffBooking } from "./testing/staff-booking.ts";
import { laidOver, type Need, type NeedsRead, needsOf, touchesNeeds } from "./today-needs.ts";

const requested = staffBooking({ id: "b1", state: "requested" });
const gap: NonNullable<NeedsRead["waitlist"]>["gaps"][number] = {
  id: "g1",
  start: new Date("2026-11-24T12:00:00Z"),
  end: new Date("2026-11-24T12:20:00Z"),
  practitionerId: "p1",
  practitionerName: "Dr Mokoena",
  seat: false,
  more: 0,
  fits: [
    { entryId: "e1", name: "Nkosi", rank: "9 days", days: 9, reachable: true, silent: false },
    { entryId: "e2", name: "Pillay", rank: "2 days", days: 2, reachable: false, silent: false },
  ],
  asked: [],
  offer: null,
};
const read: NeedsRead = {
  today: { zone: "Africa/Johannesburg", requests: [], needs: [] },
  affected: [],
  waitlist: { gaps: [] },
  doctors: [{ id: "p1", name: "Dr Mokoena" }],
};
const leave = {
  id: "l1",
  practitionerId: "p1",
  startsAt: new Date("2026-11-24T08:00:00Z"),
  endsAt: new Date("2026-11-24T10:00:00Z"),
  kind: "leave" as const,
  label: "Dentist",
};
const textsOf = (needs: Need[]) => needs.map((need) => (need.kind === "request" ? "request" : need.text));

describe("what needs a person", () => {
  test("is told with requests first, then leave, gaps and what the clinic still lacks", () => {
    const needs = needsOf({
      ...read,
      today: {
        ...read.today,
        requests: [requested],
        needs: [
          { kind: "approval", text: "Waiting for approval.", href: "/x" },
          { kind: "services", text: "No service can be booked yet.", href: "/portal/settings/services" },
        ],
      },
      affected: [{ leave, bookings: [staffBooking({ id: "b2" }), staffBooking({ id: "b3" })] }],
      waitlist: { gaps: [gap] },
    });
    expect(textsOf(needs)).toEqual([
      "request",
      "Leave of Dr Mokoena from Tue 24 Nov, 10:00: 2 bookings to settle.",
      "Tue 24 Nov, 14:00 with Dr Mokoena came free. 2 people fit.",
      "No service can be booked yet.",
    ]);
    expect(needs.find(({ kind }) => kind === "leave")).toMatchObject({ href: "/portal/settings/hours?who=p1#leave" });
  });

  test("a time kept for somebody says for whom and until when; one that nobody fits is no work", () => {
    const offer = { entryId: "e1", name: "Nkosi", expiresAt: new Date("2026-11-24T09:30:00Z") };
    const asked = gap.fits.map(({ entryId, name }) => ({ entryId, name, state: "declined" as const }));
    const gaps = [
      { ...gap, offer, seat: true },
      { ...gap, id: "g2", asked },
      { ...gap, id: "g3", asked: asked.slice(1) },
    ];
    expect(textsOf(needsOf({ ...read, waitlist: { gaps } }))).toEqual([
      "A seat on Tue 24 Nov, 14:00 with Dr Mokoena is kept for Nkosi until 11:30.",
      "Tue 24 Nov, 14:00 with Dr Mokoena came free. 1 person fits.",
    ]);
    expect(needsOf({ ...read, waitlist: null })).toEqual([]);
  });
});

describe("what stands on screen", () => {
  const line = (id: string, text: string): Need => ({ kind: "leave", id, text, href: "/" });

  test("keeps its place and takes its new words; what is new waits, what is answered says so", () => {
    const shown = [line("a", "2 to settle"), line("b", "1 to settle")];
    const now = [line("c", "new"), line("a", "1 to settle")];
    expect(laidOver(shown, now)).toEqual({
      rows: [
        { need: line("a", "1 to settle"), over: false },
        { need: line("b", "1 to settle"), over: true },
      ],
      fresh: [line("c", "new")],
    });
  });

  test("is read again for what may change it, not for every booking of the day", () => {
    const waiting = new Set(["b1"]);
    const touched = (type: string, booking: ReturnType<typeof staffBooking> | null = null) =>
      touchesNeeds({ type, booking }, waiting);
    expect(touched("waitlist.offered")).toBe(true);
    expect(touched("leave.changed")).toBe(true);
    expect(touched("booking.requested", staffBooking({ id: "b9", state: "requested" }))).toBe(true);
    expect(touched("booking.declined", staffBooking({ id: "b1", state: "declined" }))).toBe(true);
    expect(touched("booking.confirmed", staffBooking({ id: "b9" }))).toBe(false);
    expect(touched("booking.reminder_due")).toBe(false);
  });
});
