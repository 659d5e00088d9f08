import { describe, expect, test } from "vitest";
import { checkClosure, checkRoom, checkRules, typedIn } from "./rooms-draft.ts";

const zone = "Africa/Johannesburg";

test("a room needs a name; limits left empty are none", () => {
  expect(checkRoom({ name: "Room 2", kind: "room", active: "on", dayCount: "", dayMinutes: "480" })).toEqual({
    ok: true,
    value: {
      kind: "room",
      name: "Room 2",
      active: true,
      dayCount: null,
      dayMinutes: 480,
      weekCount: null,
      weekMinutes: null,
    },
  });
  expect(checkRoom({ name: "", weekCount: "many" })).toMatchObject({
    ok: false,
    problems: [{ id: "name" }, { id: "weekCount" }],
  });
});

describe("a closure", () => {
  const shut = { fromDate: "2026-12-24", fromTime: "12:00", toDate: "2026-12-28", toTime: "8", label: "Christmas" };
  test("is a stretch on the clinic's clock", () => {
    expect(checkClosure(shut, zone)).toEqual({
      ok: true,
      value: {
        startsAt: new Date("2026-12-24T10:00:00Z"),
        endsAt: new Date("2026-12-28T06:00:00Z"),
        label: "Christmas",
      },
    });
  });
  test("ends after it begins and says why", () => {
    expect(checkClosure({ ...shut, toDate: "2026-12-24", toTime: "11:00" }, zone)).toMatchObject({
      problems: [{ id: "toDate" }],
    });
    expect(checkClosure({ ...shut, fromTime: "noon", label: "" }, zone)).toMatchObject({
      problems: [{ id: "fromDate" }, { id: "label" }],
    });
  });
  test("within one day needs only one date", () => {
    expect(checkClosure({ ...shut, toDate: "", toTime: "14:00" }, zone)).toMatchObject({
      value: { endsAt: new Date("2026-12-24T12:00:00Z") },
    });
  });
});

test("the clinic's rules are numbers within bounds, and no country is no holidays", () => {
  const form = new FormData();
  form.set("holidayCountry", "");
  form.set("squeezeInCap", "2");
  form.set("cancelUntilMinutes", "120");
  expect(checkRules(typedIn(form))).toEqual({
    ok: true,
    value: { holidayCountry: null, shareBuffers: false, squeezeInCap: 2, cancelUntilMinutes: 120 },
  });
  form.set("squeezeInCap", "51");
  expect(checkRules(typedIn(form))).toMatchObject({ ok: false, problems: [{ id: "squeezeInCap" }] });
});
