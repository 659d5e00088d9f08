import { convertIcsCalendar } from "ts-ics";
import { describe, expect, test } from "vitest";
import { feedCalendar, initialsOf } from "./feed-calendar.ts";
import type { FeedVisit } from "./feeds.repo.ts";

const visit: FeedVisit = {
  id: "0190c0de-0000-7000-8000-000000000001",
  ref: "R4TZ",
  state: "confirmed",
  startsAt: new Date("2026-11-24T08:30:00Z"),
  endsAt: new Date("2026-11-24T08:50:00Z"),
  sequence: 3,
  createdAt: new Date("2026-11-20T10:00:00Z"),
  updatedAt: new Date("2026-11-21T10:00:00Z"),
  practitionerName: "Dr Mokoena",
  address: null,
  patientId: "p",
  patientName: "Thandi Mokoena",
};

const calendarOf = (visits: FeedVisit[], summary = "T. M. R4TZ") =>
  feedCalendar(
    {
      name: "Dr Mokoena",
      baseDomain: "pulsecal.example",
      words: () => ({ summary, description: "", location: null, url: "https://a.example/" }),
    },
    visits,
  );
const eventsOf = (ics: string) => convertIcsCalendar(undefined, ics).events ?? [];

describe("a calendar feed", () => {
  test("carries each visit under the UID and the SEQUENCE that mails carry", () => {
    const ics = calendarOf([visit]);
    const [event] = eventsOf(ics);
    expect(event).toMatchObject({ uid: `${visit.id}@pulsecal.example`, sequence: 3, status: "CONFIRMED" });
    expect(event?.start.date).toEqual(visit.startsAt);
    expect(event?.stamp.date).toEqual(visit.updatedAt);
    expect(ics).toContain("REFRESH-INTERVAL;VALUE=DURATION:PT15M");
  });

  test("says what is asked for, what stands and what is over", () => {
    const states = [
      "requested",
      "confirmed",
      "completed",
      "cancelled",
      "declined",
      "no_show",
      "held",
      "expired",
    ] as const;
    const events = eventsOf(calendarOf(states.map((state) => ({ ...visit, id: state, state }))));
    expect(events.map((event) => [event.uid.split("@")[0], event.status])).toEqual([
      ["requested", "TENTATIVE"],
      ["confirmed", "CONFIRMED"],
      ["completed", "CONFIRMED"],
      ["cancelled", "CANCELLED"],
      ["declined", "CANCELLED"],
      ["no_show", "CANCELLED"],
    ]);
  });

  test("is the same text for the same visits, and another for another", () => {
    expect(calendarOf([visit])).toBe(calendarOf([visit]));
    expect(calendarOf([visit])).not.toBe(calendarOf([{ ...visit, sequence: 4 }]));
  });

  test("keeps a name that would add lines inside its place", () => {
    const nasty = "Eve\r\nATTENDEE:mailto:all@example.org\r\nEND:VEVENT";
    const lines = calendarOf([visit], nasty)
      .replace(/\r\n[ \t]/g, "")
      .split("\r\n");
    expect(lines.filter((line) => line.startsWith("ATTENDEE"))).toEqual([]);
    expect(lines.filter((line) => line === "END:VEVENT")).toHaveLength(1);
  });
});

test("initials are letters and tell no more", () => {
  expect(initialsOf("Thandi Mokoena")).toBe("T. M.");
  expect(initialsOf("Anne-Marie van der Merwe")).toBe("A. M. V.");
  expect(initialsOf("élodie 'Zola'")).toBe("É. Z.");
  expect(initialsOf("  42  ")).toBe("");
});
