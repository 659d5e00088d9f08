import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { holdsFor } from "../testing/property.ts";
import { addDays, civilOf, dateString, dayNumber, parseDate, weekdayOf } from "./calendar.ts";
import { dayOf, dayStart, wallTime } from "./days.ts";
import { formatDay, formatLongDay, formatRange, formatTime, formatWhen } from "./format-time.ts";
import { fromWall, isZone, offsetAt, zoneSpans } from "./zone.ts";

const JHB = "Africa/Johannesburg";
const NY = "America/New_York";
const instant = (text: string) => Date.parse(text);

const zone = fc.constantFrom(
  JHB,
  NY,
  "Europe/London",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Havana",
  "America/St_Johns",
  "America/Sao_Paulo",
  "Asia/Tehran",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Africa/Juba",
  "Asia/Gaza",
  "UTC",
);

describe("the calendar", () => {
  it("knows dates, weekdays and leap years as Temporal does", () => {
    holdsFor(
      "calendar = Temporal",
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (n) => {
        const date = new Temporal.PlainDate(1970, 1, 1).add({ days: n });
        expect(civilOf(n)).toEqual({ year: date.year, month: date.month, day: date.day });
        expect(weekdayOf(n)).toBe(date.dayOfWeek);
        if (date.year >= 1000) expect([dateString(n), dayNumber(date.toString())]).toEqual([date.toString(), n]);
      }),
      1000,
    );
  });

  it("refuses what is not a date", () => {
    for (const bad of [
      "2026-02-29",
      "2026-13-01",
      "2026-00-10",
      "2026-04-31",
      "2026-1-01",
      "26-01-01",
      "",
      "2026-01-1x",
      "2026-01-00",
      "1900-02-29",
      "2026/01/01",
    ]) {
      expect(parseDate(bad)).toBeNull();
    }
    expect(parseDate("2028-02-29")).not.toBeNull();
    expect(parseDate("2000-02-29")).not.toBeNull();
    expect(() => dayNumber("soon")).toThrow("not a date");
  });

  it("adds days over months and leap days", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  });
});

describe("zones", () => {
  it("have the same offsets as Temporal, to the minute", () => {
    holdsFor(
      "offset = Temporal",
      fc.property(
        zone,
        fc.integer({ min: Date.UTC(1976, 0, 1) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 }),
        (name, minute) => {
          const at = Temporal.Instant.fromEpochMilliseconds(minute * 60_000).toZonedDateTimeISO(name);
          expect(offsetAt(name, minute)).toBe(at.offsetNanoseconds / 60e9);
        },
      ),
      1500,
    );
  });

  it("change at the very minutes Temporal says, in every zone of the list", () => {
    for (const name of [
      "America/New_York",
      "Africa/Cairo",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "Pacific/Apia",
    ]) {
      let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(2009, 0, 1)).toZonedDateTimeISO(name);
      const theirs: number[] = [];
      for (;;) {
        const next = at.getTimeZoneTransition("next");
        if (!next || next.epochMilliseconds >= Date.UTC(2027, 0, 1)) break;
        if (next.offset !== at.offset) theirs.push(next.epochMilliseconds / 60_000);
        at = next;
      }
      const ours = zoneSpans(name, Date.UTC(2009, 0, 1) / 60_000, Date.UTC(2027, 0, 1) / 60_000 - 1).slice(1);
      expect(ours.map((s) => s.from)).toEqual(theirs);
    }
  });

  it("turn wall time into instants as Temporal's `compatible` does", () => {
    const near = fc.constantFrom(
      "2026-03-08",
      "2026-11-01",
      "2026-04-05",
      "2026-10-04",
      "2026-04-24",
      "2026-10-29",
      "2026-10-30",
      "2011-12-30",
      "2018-11-04",
      "2026-10-25",
      "2026-03-29",
      "2021-02-01",
    );
    holdsFor(
      "wall time = compatible",
      fc.property(zone, near, fc.integer({ min: -1440, max: 2 * 1440 }), (name, date, offset) => {
        const minute = ((offset % 1440) + 1440) % 1440;
        const day = Temporal.PlainDate.from(date).add({ days: Math.floor(offset / 1440) });
        const plain = day.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 });
        const theirs = plain.toZonedDateTime(name, { disambiguation: "compatible" });
        const ours = wallTime(day.toString(), minute, name);
        expect(ours.instant).toBe(theirs.epochMilliseconds);
        expect(ours.existed).toBe(theirs.toPlainDateTime().equals(plain));
      }),
      2000,
    );
  });

  it("begin a day at its first instant, also where midnight does not exist", () => {
    expect(dayStart("2026-11-24", JHB)).toBe(instant("2026-11-23T22:00:00Z"));
    expect(dayStart("2026-04-24", "Africa/Cairo")).toBe(instant("2026-04-24T01:00:00+03:00"));
    expect(dayOf(instant("2026-11-23T22:00:00Z"), JHB)).toBe("2026-11-24");
    expect(dayOf(instant("2026-11-23T21:59:59Z"), JHB)).toBe("2026-11-23");
  });

  it("give 23 and 25 hours to the days of a clock change", () => {
    const hours = (date: string) => (dayStart(addDays(date, 1), NY) - dayStart(date, NY)) / 3_600_000;
    expect([hours("2026-03-08"), hours("2026-11-01"), hours("2026-11-02")]).toEqual([23, 25, 24]);
  });

  it("say when a zone is unknown or a year too far", () => {
    expect(isZone("Africa/Johannesburg")).toBe(true);
    expect(isZone("Africa/Soweto")).toBe(false);
    expect(() => dayOf(Date.UTC(1900, 0, 1), JHB)).toThrow("outside");
    expect(() => zoneSpans(JHB, 0, 60 * 366 * 1440)).toThrow("fifty years");
    expect(() => fromWall([], 0)).toThrow("no spans");
  });

  it("stay right when more zones are asked for than are remembered", () => {
    const names = Intl.supportedValuesOf("timeZone").slice(0, 140);
    for (const name of names) expect(isZone(name)).toBe(true);
    expect(offsetAt(JHB, Date.UTC(2026, 0, 1) / 60_000)).toBe(120);
  });

  it("keeps wall time past the last span it was given", () => {
    const spans = [{ from: 0, to: 100, offset: 0 }];
    expect(fromWall(spans, 500)).toEqual({ instant: 500, existed: true });
  });
});

describe("one format everywhere", () => {
  const from = instant("2026-11-24T10:00:00+02:00");
  it("day, time, both, and a range", () => {
    expect(formatDay(from, JHB)).toBe("Tue 24 Nov");
    expect(formatLongDay(from, JHB)).toBe("Tuesday 24 November");
    expect(formatTime(from, JHB)).toBe("10:00");
    expect(formatTime(instant("2026-11-24T00:05:00+02:00"), JHB)).toBe("00:05");
    expect(formatWhen(from, JHB)).toBe("Tue 24 Nov, 10:00");
    expect(formatRange(from, from + 20 * 60_000, JHB)).toBe("Tue 24 Nov, 10:00 to 10:20");
    expect(formatRange(from, from + 15 * 3_600_000, JHB)).toBe("Tue 24 Nov, 10:00 to Wed 25 Nov, 01:00");
  });

  it("follows the clinic's zone, never the machine's", () => {
    expect(formatWhen(from, NY)).toBe("Tue 24 Nov, 03:00");
    expect(formatWhen(from, "Pacific/Auckland")).toBe("Tue 24 Nov, 21:00");
  });
});
