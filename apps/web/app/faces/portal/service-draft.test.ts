import { describe, expect, test } from "vitest";
import { checkService, draftOfService, durationText, priceCents, priceText, serviceFromForm } from "./service-draft.ts";

describe("a price as typed", () => {
  test.each([
    ["450", 45_000],
    ["R450", 45_000],
    ["1 250,50", 125_050],
    ["10.5", 1_050],
    ["0", 0],
    ["", null],
    ["free", null],
    ["-5", null],
    ["4.505", null],
  ])("%s is %s cents", (text, cents) => {
    expect(priceCents(text)).toBe(cents);
  });

  test("is shown without cents when there are none", () => {
    expect([priceText(45_000), priceText(1_050), priceText(0)]).toEqual(["450", "10.50", "0"]);
  });
});

describe("a service in a form", () => {
  const good = { ...draftOfService(undefined, ["p1", "p2"]), name: " Check-up ", price: "450" };

  test("starts as twenty minutes with every doctor", () => {
    expect(checkService(good)).toMatchObject({
      ok: true,
      rules: { name: "Check-up", minutes: 20, priceCents: 45_000, practitionerIds: ["p1", "p2"] },
    });
  });

  test("says which fields to change", () => {
    const checked = checkService({ ...good, name: " ", minutes: "2", price: "x", horizonDays: "" });
    expect(checked.ok ? [] : checked.problems.map((problem) => problem.id)).toEqual([
      "name",
      "minutes",
      "price",
      "horizonDays",
    ]);
  });

  test("is read from a post with its ticks", () => {
    const form = new FormData();
    form.set("name", "Flu jab");
    form.append("practitionerIds", "p1");
    form.append("practitionerIds", "p3");
    expect(serviceFromForm(form)).toMatchObject({
      name: "Flu jab",
      active: false,
      practitionerIds: ["p1", "p3"],
      minutes: "",
    });
  });

  test("survives the way there and back", () => {
    const checked = checkService(good);
    if (!checked.ok) throw new Error("the draft is right");
    expect(draftOfService({ id: "s1", ...checked.rules }, [])).toEqual({ ...good, name: "Check-up" });
  });
});

test("lengths read as people say them", () => {
  expect([0, 45, 60, 120, 1440, 2880].map(durationText)).toEqual([
    "none",
    "45 min",
    "1 hour",
    "2 hours",
    "1 day",
    "2 days",
  ]);
});
