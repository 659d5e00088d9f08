import { describe, expect, test } from "vitest";
import { besideWords, bookedOf, changedDates, choiceOf, clashOf, nearestForAll, type SeriesDate } from "./choices.ts";

const zone = "Africa/Johannesburg";
const at = (text: string) => new Date(`${text}:00+02:00`);
const free = (date: string): SeriesDate => ({
  date,
  result: "free",
  start: at(`${date}T10:00`),
  why: [],
  alternatives: [],
});
const blocked = (date: string, ...alternatives: Date[]): SeriesDate => ({
  date,
  result: "blocked",
  start: at(`${date}T10:00`),
  why: ["Dr Mokoena: Busy from 10:00 to 10:20"],
  alternatives,
});

const [tuesday, wednesday] = ["2026-11-24", "2026-11-25"];
const nine = at("2026-11-24T09:40");

describe("what is chosen for a date", () => {
  test("is the time asked for where it is free, and nothing yet where it is not", () => {
    expect(choiceOf(free(tuesday), {})).toBe(at("2026-11-24T10:00").toISOString());
    expect(choiceOf(blocked(tuesday, nine), {})).toBe(null);
  });

  test("is one of the alternatives, or to leave it out", () => {
    expect(choiceOf(blocked(tuesday, nine), { [tuesday]: nine.toISOString() })).toBe(nine.toISOString());
    expect(choiceOf(free(tuesday), { [tuesday]: "out" })).toBe("out");
  });

  test("falls away when somebody takes the time, so that it is asked again", () => {
    const chosen = { [tuesday]: nine.toISOString() };
    expect(choiceOf(blocked(tuesday, at("2026-11-24T11:00")), chosen)).toBe(null);
    expect(choiceOf(blocked(tuesday), { [tuesday]: at("2026-11-24T10:00").toISOString() })).toBe(null);
  });

  test("is booked at its own time; what is left out or open is not", () => {
    const dates = [free(tuesday), blocked(wednesday, at("2026-11-25T11:00")), free("2026-11-26")];
    const chosen = { [wednesday]: at("2026-11-25T11:00").toISOString(), "2026-11-26": "out" };
    expect(bookedOf(dates, chosen)).toEqual([
      { date: tuesday, start: at("2026-11-24T10:00") },
      { date: wednesday, start: at("2026-11-25T11:00") },
    ]);
  });
});

describe("two dates of one series", () => {
  test("do not lie over each other: the later one is named, however they are sorted", () => {
    const start = at("2026-11-24T10:00");
    const twenty = { date: wednesday, start: new Date(+start + 20 * 60_000) };
    expect(clashOf([{ date: tuesday, start }, twenty], 20)).toBe(null);
    expect(clashOf([twenty, { date: tuesday, start }], 30)).toBe(wednesday);
  });

  test("never get the same nearest time, and one that finds none stays open", () => {
    const dates = [
      blocked(tuesday, nine),
      blocked(wednesday, nine, at("2026-11-25T12:00")),
      blocked("2026-11-26", nine),
    ];
    expect(nearestForAll(dates, {}, 20)).toEqual({
      [tuesday]: nine.toISOString(),
      [wednesday]: at("2026-11-25T12:00").toISOString(),
    });
  });

  test("keep what was decided before", () => {
    expect(nearestForAll([blocked(tuesday, nine)], { [tuesday]: "out" }, 20)).toEqual({ [tuesday]: "out" });
  });
});

test("a look at the dates names those that have changed since", () => {
  const shown = [free(tuesday), blocked(wednesday, nine)];
  expect(changedDates(shown, [free(tuesday), blocked(wednesday, nine)])).toEqual([]);
  expect(changedDates(shown, [blocked(tuesday), blocked(wednesday)])).toEqual([tuesday, wednesday]);
});

test("a time on another day, or of another year, says so", () => {
  expect(besideWords(nine, tuesday, zone, "2026-11-22")).toBe("09:40");
  expect(besideWords(nine, wednesday, zone, "2026-11-22")).toBe("Tue 24 Nov, 09:40");
  expect(besideWords(at("2027-01-05T10:00"), tuesday, zone, "2026-11-22")).toBe("Tue 5 Jan 2027, 10:00");
});
