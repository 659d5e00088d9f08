import { describe, expect, test } from "vitest";
import {
  checkService,
  draftOfService,
  durationText,
  emptyNeed,
  priceCents,
  priceText,
  serviceFromForm,
} from "./service-draft.ts";

const today = "2026-11-22";

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
    expect(checkService(good, today)).toMatchObject({
      ok: true,
      rules: { name: "Check-up", minutes: 20, priceCents: 45_000, practitionerIds: ["p1", "p2"] },
    });
  });

  test("says which fields to change", () => {
    const checked = checkService({ ...good, name: " ", minutes: "2", price: "x", horizonDays: "" }, today);
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
    const checked = checkService(good, today);
    if (!checked.ok) throw new Error("the draft is right");
    expect(draftOfService({ id: "s1", version: "v1", ...checked.rules, needs: [] }, [])).toEqual({
      ...good,
      name: "Check-up",
    });
  });
});

describe("the finer rules of a service", () => {
  const good = { ...draftOfService(undefined, ["p1"]), name: "Check-up", price: "450" };
  const problemsOf = (change: Partial<typeof good>) => {
    const checked = checkService({ ...good, ...change }, today);
    return checked.ok ? [] : checked.problems.map((problem) => problem.id);
  };
  const rulesOf = (change: Partial<typeof good>) => {
    const checked = checkService({ ...good, ...change }, today);
    if (!checked.ok) throw new Error("the draft is right");
    return checked.rules;
  };

  test("lengths are listed, limits may be left empty, and a range needs both its days in order", () => {
    expect(rulesOf({ otherMinutes: "30, 40 60" }).otherMinutes).toEqual([30, 40, 60]);
    expect(problemsOf({ otherMinutes: "30, long" })).toEqual(["otherMinutes"]);
    expect(rulesOf({ dayCount: "", weekMinutes: "600" })).toMatchObject({ dayCount: null, weekMinutes: 600 });
    expect(problemsOf({ horizonKind: "range", horizonFrom: "2026-12-10", horizonUntil: "2026-12-01" })).toEqual([
      "horizonUntil",
    ]);
    expect(
      rulesOf({ horizonKind: "range", horizonFrom: "2026-12-01", horizonUntil: "2026-12-10", horizonDays: "" }),
    ).toMatchObject({ horizonFrom: "2026-12-01", horizonUntil: "2026-12-10", horizonDays: 60 });
    expect(problemsOf({ horizonKind: "range", horizonFrom: "2026-12-01", horizonUntil: "2149-12-01" })).toEqual([
      "horizonUntil",
    ]);
    expect(rulesOf({ horizonKind: "days", horizonFrom: "2026-12-01" })).toMatchObject({ horizonFrom: null });
  });

  test("a need asks for no more than it is given to choose from, and a need of nothing is none", () => {
    const nurses = { ...emptyNeed, of: ["n1", "n2"] };
    expect(rulesOf({ needs: [nurses] }).needs).toEqual([
      { count: 1, of: ["n1", "n2"], minutes: null, bufferBefore: null, bufferAfter: null },
    ]);
    expect(problemsOf({ needs: [{ ...nurses, count: "3" }] })).toEqual(["need-0-count"]);
    const own = { minutes: "10", bufferBefore: "", bufferAfter: " 15" };
    expect(rulesOf({ needs: [{ ...nurses, ...own }] }).needs).toMatchObject([
      { minutes: 10, bufferBefore: null, bufferAfter: 15 },
    ]);
    expect(problemsOf({ needs: [{ ...nurses, minutes: "2", bufferBefore: "all day", bufferAfter: "241" }] })).toEqual([
      "need-0-minutes",
      "need-0-bufferBefore",
      "need-0-bufferAfter",
    ]);
    const form = new FormData();
    form.set("need.0.count", "1");
    form.set("need.1.count", "2");
    form.append("need.1.of", "n1");
    form.append("need.1.of", "n2");
    expect(serviceFromForm(form).needs).toMatchObject([{ count: "2", of: ["n1", "n2"] }]);
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
