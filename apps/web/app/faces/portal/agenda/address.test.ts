import { expect, test } from "vitest";
import { mondayOf, nothingOpen, readAddress, withParams } from "./address.ts";

const id = "0199c0de-0000-7000-8000-000000000001";
const read = (text: string) => readAddress(new URLSearchParams(text), "2026-11-24");

test("an address without anything is today by doctor, with nothing open", () => {
  expect(read("")).toMatchObject({ view: "day", date: "2026-11-24", who: null, booking: null, at: null, ask: null });
});

test("a place of the grid needs an instant and a doctor", () => {
  expect(read(`at=2026-11-24T08:20:00.000Z&with=${id}`).at).toEqual({
    start: Date.UTC(2026, 10, 24, 8, 20),
    practitionerId: id,
  });
  expect(read("at=2026-11-24T08:20:00.000Z").at).toBeNull();
  expect(read(`at=soon&with=${id}`).at).toBeNull();
});

test("what makes no sense counts as not there", () => {
  expect(read("view=year&date=2026-02-31&who=me&ask=explode&minutes=1e9")).toMatchObject({
    view: "day",
    date: "2026-11-24",
    who: null,
    ask: null,
    minutes: null,
  });
});

test("links keep the filters and drop what was open", () => {
  const params = new URLSearchParams(`view=week&who=${id}&booking=${id}&ask=move`);
  expect(withParams(params, nothingOpen)).toBe(`/portal/agenda?view=week&who=${id}`);
  expect(withParams(new URLSearchParams(), {})).toBe("/portal/agenda");
});

test("a week begins on Monday", () => {
  expect(mondayOf("2026-11-24")).toBe("2026-11-23");
  expect(mondayOf("2026-11-29")).toBe("2026-11-23");
  expect(mondayOf("2026-11-30")).toBe("2026-11-30");
});
