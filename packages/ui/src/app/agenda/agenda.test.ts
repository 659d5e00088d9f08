import { describe, expect, test } from "vitest";
import { type AgendaColumn, buildAxis, instantOf, tracksOf } from "./axis.ts";
import { type Cursor, cursorAt, type Step, stepCursor, stopAt } from "./cursor.ts";
import { endLabel, ghostText, isShifted, minutesOf, pointGhost, shiftGhost, startOf, takeUp } from "./ghost.ts";
import { type AgendaBlock, type AgendaBooking, inTheWay, placeBlocks, placeBookings, stopsOf } from "./layout.ts";
import { everything, inSightOf, isInSight } from "./window.ts";

const minute = 60_000;
const midnight = Date.UTC(2026, 10, 24);
const at = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return midnight + (hours * 60 + minutes) * minute;
};
const doctor = (key: string, spoken: string): AgendaColumn => ({
  key,
  head: spoken,
  spoken,
  from: at("08:00"),
  to: at("12:00"),
});
const columns = [doctor("m", "Dr Mokoena"), doctor("n", "Dr Naidoo")];
const utc = (instant: number): number => (instant - midnight) / minute;
const axis = buildAxis(columns, 20, utc);

const booking = (id: string, column: string, from: string, to: string): AgendaBooking => ({
  id,
  column,
  start: at(from),
  end: at(to),
  title: "Lerato Dube",
  service: "Check-up",
  state: "confirmed",
  canMove: true,
  canResize: true,
});

describe("the axis", () => {
  test("has a row for each step and a track for each five minutes", () => {
    expect(axis.rows.slice(0, 3).map(({ label }) => label)).toEqual(["08:00", "08:20", "08:40"]);
    expect(axis.tracks).toBe(48);
    expect(tracksOf(axis, 0, at("08:20"), at("08:45"))).toEqual({ track: 4, span: 5 });
  });

  test("cuts what begins before and ends after what is shown", () => {
    expect(tracksOf(axis, 0, at("07:00"), at("08:10"))).toEqual({ track: 0, span: 2 });
    expect(tracksOf(axis, 0, at("12:00"), at("13:00"))).toBeNull();
  });

  // Berlin, 25 October 2026: at 03:00 the clocks go back to 02:00. 29 March 2026: from 02:00 to 03:00.
  const berlin = (instant: number): number => {
    const autumn = Date.UTC(2026, 9, 25, 1);
    const spring = Date.UTC(2026, 2, 29, 1);
    const offset = instant >= spring && instant < autumn ? 120 : 60;
    const day = new Date(instant + offset * minute);
    return day.getUTCHours() * 60 + day.getUTCMinutes();
  };

  test("gives a day of 25 hours its hour twice, and says so", () => {
    const from = Date.UTC(2026, 9, 24, 22);
    const long = buildAxis([{ ...doctor("m", "Dr Mokoena"), from, to: from + 25 * 60 * minute }], 60, berlin);
    expect(long.rows).toHaveLength(25);
    expect(long.rows.slice(1, 5).map(({ label }) => label)).toEqual(["01:00", "02:00", "02:00 again", "03:00"]);
  });

  test("gives a day of 23 hours no row for the hour it skips", () => {
    const from = Date.UTC(2026, 2, 28, 23);
    const short = buildAxis([{ ...doctor("m", "Dr Mokoena"), from, to: from + 23 * 60 * minute }], 60, berlin);
    expect(short.rows).toHaveLength(23);
    expect(short.rows.slice(0, 4).map(({ label }) => label)).toEqual(["00:00", "01:00", "03:00", "04:00"]);
  });

  test("puts a short day beside an ordinary one: the skipped hour is no time there, and the rest lines up", () => {
    const saturday = Date.UTC(2026, 2, 27, 23);
    const sunday = Date.UTC(2026, 2, 28, 23);
    const week = buildAxis(
      [
        { ...doctor("sat", "Saturday"), from: saturday, to: saturday + 24 * 60 * minute },
        { ...doctor("sun", "Sunday"), from: sunday, to: sunday + 23 * 60 * minute },
      ],
      60,
      berlin,
    );
    expect(week.rows).toHaveLength(24);
    expect(instantOf(week, 1, 2 * 12)).toBeNull();
    expect(instantOf(week, 1, 3 * 12)).toBe(Date.UTC(2026, 2, 29, 1));
    const stops = stopsOf(week, [], []);
    expect(stops[1]?.some(({ row }) => row === 2)).toBe(false);
    expect(inTheWay(week, { column: 1, track: 24, span: 4 }, [], [])).toBe("no such time on this day");
  });
});

describe("bookings in a column", () => {
  test("stand beside each other where they overlap, and below each other where they touch", () => {
    const placed = placeBookings(axis, [
      booking("a", "m", "08:00", "08:40"),
      booking("b", "m", "08:20", "09:00"),
      booking("c", "m", "08:40", "09:20"),
      booking("d", "m", "09:20", "09:40"),
    ]);
    expect(placed.map(({ booking: { id }, lane, lanes }) => [id, lane, lanes])).toEqual([
      ["a", 0, 2],
      ["b", 1, 2],
      ["c", 0, 2],
      ["d", 0, 1],
    ]);
  });

  test("leave the rest of their row free, and every free part is a place to stand", () => {
    const placed = placeBookings(axis, [booking("a", "m", "08:05", "08:30")]);
    const own = stopsOf(axis, placed, [])[0] ?? [];
    expect(own.slice(0, 4).map(({ key, span }) => [key, span])).toEqual([
      ["free m 0", 1],
      ["booking a", 5],
      ["free m 6", 2],
      ["free m 8", 4],
    ]);
  });
});

const lunch: AgendaBlock = { column: "n", from: at("10:00"), to: at("11:00"), kind: "leave", text: "leave" };
const blocks = placeBlocks(axis, [lunch]);
const placed = placeBookings(axis, [booking("a", "m", "08:20", "09:00"), booking("b", "n", "09:00", "09:20")]);
const stops = stopsOf(axis, placed, blocks);
const walk = (from: Cursor | null, ...steps: Step[]): string | undefined => {
  const cursor = steps.reduce((now, step) => stepCursor(axis, stops, now, step), from);
  return stopAt(stops, cursor)?.key;
};

describe("the cursor", () => {
  const start = cursorAt(stops, 0, 0);
  test("goes down to a booking and from it to its end", () => {
    expect(walk(start, "down")).toBe("booking a");
    expect(walk(start, "down", "down")).toBe("free m 12");
    expect(walk(start, "down", "down", "up")).toBe("booking a");
  });

  test("crosses a long booking and comes back to where it left", () => {
    const beside = cursorAt(stops, 1, 8);
    expect(walk(beside, "left")).toBe("booking a");
    expect(walk(beside, "left", "right")).toBe("free n 8");
  });

  test("stays at the edges, and goes by row, hour and corner", () => {
    expect(walk(start, "up")).toBe("free m 0");
    expect(walk(start, "left")).toBe("free m 0");
    expect(walk(start, "end")).toBe("free n 0");
    expect(walk(start, "end", "home")).toBe("free m 0");
    expect(walk(start, "pageDown")).toBe("free m 12");
    expect(walk(start, "last")).toBe("free n 44");
    expect(walk(start, "last", "first")).toBe("free m 0");
  });

  test("stays at its place when what it stood on is gone", () => {
    const on = stepCursor(axis, stops, start, "down");
    const without = stopsOf(axis, placeBookings(axis, [booking("b", "n", "09:00", "09:20")]), blocks);
    expect(stopAt(without, on)?.key).toBe("free m 4");
    const taken = stopsOf(axis, placeBookings(axis, [booking("c", "m", "08:00", "08:40")]), blocks);
    expect(stopAt(taken, cursorAt(stops, 0, 0))?.key).toBe("booking c");
  });

  test("stops where leave begins, which E explains", () => {
    const own = stops[1]?.find(({ track }) => track === 24);
    expect(own).toMatchObject({ kind: "free", block: { text: "leave" } });
  });
});

describe("a booking taken up", () => {
  const first = placed[0];
  if (first === undefined) throw new Error("nothing placed");

  test("moves by rows and columns, stays inside the day, and says what is there", () => {
    const ghost = takeUp(first, "move", "keys");
    expect(isShifted(ghost)).toBe(false);
    const right = shiftGhost(axis, ghost, "right");
    expect(ghostText(axis, right, placed, blocks)).toBe("08:20, Dr Naidoo, free");
    const down = shiftGhost(axis, right, "down");
    expect(ghostText(axis, down, placed, blocks)).toBe("08:40, Dr Naidoo, blocked: another booking");
    const later = shiftGhost(axis, shiftGhost(axis, right, "pageDown"), "down");
    expect(ghostText(axis, later, placed, blocks)).toBe("09:40, Dr Naidoo, blocked: leave");
    expect(startOf(axis, later)).toBe(at("09:40"));
    expect(shiftGhost(axis, ghost, "last").track).toBe(axis.tracks - ghost.span);
    expect(shiftGhost(axis, ghost, "left").column).toBe(0);
  });

  test("never stands in its own way", () => {
    const ghost = shiftGhost(axis, takeUp(first, "move", "keys"), "up");
    expect(ghostText(axis, ghost, placed, blocks)).toBe("08:00, Dr Mokoena, free");
  });

  test("changes its length by five minutes, never to nothing", () => {
    const ghost = takeUp(first, "resize", "keys");
    const longer = shiftGhost(axis, ghost, "down");
    expect(minutesOf(longer)).toBe(45);
    expect(ghostText(axis, longer, placed, blocks)).toBe("08:20 to 09:05, 45 minutes, free");
    expect(minutesOf(shiftGhost(axis, ghost, "pageUp"))).toBe(5);
    expect(shiftGhost(axis, ghost, "left")).toEqual(ghost);
    expect(endLabel(axis, axis.tracks)).toBe("12:00");
  });

  test("follows the pointer, snapping to the rows and to where it came from", () => {
    const odd = placeBookings(axis, [booking("a", "m", "08:25", "08:45")])[0];
    if (odd === undefined) throw new Error("nothing placed");
    const ghost = takeUp(odd, "move", "pointer");
    expect(pointGhost(axis, ghost, { column: 0, track: 5.4 }).track).toBe(5);
    expect(pointGhost(axis, ghost, { column: 1, track: 9.2 })).toMatchObject({ column: 1, track: 8 });
    expect(pointGhost(axis, takeUp(odd, "resize", "pointer"), { column: 0, track: 12.4 }).span).toBe(7);
  });
});

test("only what is in sight, and a little more, is drawn", () => {
  const sight = inSightOf({
    scrollTop: 1000,
    scrollLeft: 0,
    clientHeight: 500,
    clientWidth: 600,
    trackHeight: 10,
    columnWidth: 200,
  });
  expect(isInSight(sight, { column: 0, track: 120, span: 4 })).toBe(true);
  expect(isInSight(sight, { column: 0, track: 10, span: 4 })).toBe(false);
  expect(isInSight(sight, { column: 0, track: 10, span: 90 })).toBe(true);
  expect(isInSight(sight, { column: 9, track: 120, span: 4 })).toBe(false);
  expect(isInSight(everything, { column: 9, track: 10, span: 4 })).toBe(true);
});
