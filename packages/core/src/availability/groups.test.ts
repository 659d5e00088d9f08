import { describe, expect, it } from "vitest";
import { assign } from "./assign.ts";
import { blockText } from "./block-text.ts";
import { findLengths, freeWindows } from "./durations.ts";
import { explain } from "./explain.ts";
import { findFamilyApart, findFamilyTimes, familyQuestion } from "./family.ts";
import { findTimes } from "./find-times.ts";
import { openState } from "./open-state.ts";
import { evaluateSeries, nearestTimes } from "./series.ts";
import { at, clock, daily, dayOf, JHB, MINUTE, NY, questionOf, resourceOf, rulesOf } from "./testing/clinic.ts";
import type { BlockReason, Question } from "./types.ts";

const TUESDAY = dayOf("2026-11-24");
const visit = (id: string, hour: string, minutes = 30) => ({
  from: at(`2026-11-24T${hour}:00+02:00`),
  to: at(`2026-11-24T${hour}:00+02:00`) + minutes * MINUTE,
  booking: id,
});

describe("several resources at once", () => {
  const nurses = ["n1", "n2", "n3"];
  const q: Question = {
    ...questionOf({ minutes: 30, intervalMinutes: 30 }),
    resources: [
      resourceOf("dr", { rules: rulesOf(daily([480, 660])) }),
      resourceOf("n1", { busy: [visit("a", "08:00")] }),
      resourceOf("n2", { busy: [visit("b", "08:00"), visit("c", "09:00")] }),
      resourceOf("n3", { busy: [visit("d", "08:00")], leave: [visit("l", "08:30", 60)] }),
      resourceOf("room", { rules: null, busy: [visit("e", "10:00", 60)] }),
    ],
    needs: [
      { count: 1, of: ["dr"] },
      { count: 1, of: nurses },
      { count: 1, of: ["room"] },
    ],
  };

  it("are offered together or not at all, each with a concrete assignment", () => {
    const offers = findTimes(q, TUESDAY);
    expect(clock(offers.map((o) => o.start))).toEqual(["08:30", "09:00", "09:30"]);
    expect(offers[0]?.resources).toEqual(["dr", "n1", "room"]);
  });

  it("explain names what is missing, by resource", () => {
    const blocks = explain(q, at("2026-11-24T08:00:00+02:00"));
    expect(blocks.map((b) => [b.resource, b.why])).toEqual([
      ["n1", "busy"],
      ["n2", "busy"],
      ["n3", "busy"],
    ]);
    expect(blocks.every((b) => !("booking" in b))).toBe(true);
    expect(explain(q, at("2026-11-24T10:30:00+02:00")).find((b) => b.resource === "room")?.why).toBe("busy");
  });

  it("when all are free but too few, says so", () => {
    const short = {
      ...q,
      needs: [
        { count: 1, of: ["dr"] },
        { count: 1, of: ["dr"] },
      ],
    };
    expect(findTimes(short, TUESDAY)).toEqual([]);
    expect(explain(short, at("2026-11-24T08:30:00+02:00"))).toEqual([{ why: "not_enough" }]);
  });

  it("any two of three nurses", () => {
    const two = { ...q, needs: [{ count: 2, of: nurses }] };
    const offers = findTimes(two, { from: TUESDAY.from, to: at("2026-11-24T10:00:00+02:00") });
    expect(clock(offers.map((o) => o.start))).toEqual(["08:30", "09:30"]);
    expect(offers[1]?.resources).toEqual(["n1", "n2"]);
  });

  it("a group session is joined whole, before a new one is opened", () => {
    const from = at("2026-11-24T10:00:00+02:00");
    const seat = { from, to: from + 30 * MINUTE, booking: "class", service: "yoga", seats: { of: 6, taken: 5 } };
    const group: Question = {
      ...questionOf({ id: "yoga", seats: 6 }),
      resources: [
        resourceOf("n1"),
        resourceOf("n2", { busy: [seat] }),
        resourceOf("hall", { rules: null, busy: [seat] }),
        resourceOf("small", { rules: null }),
      ],
      needs: [
        { count: 1, of: ["n1", "n2"] },
        { count: 1, of: ["small", "hall"] },
      ],
    };
    const ten = (q2: Question) => findTimes(q2, { from, to: from + 1 })[0]?.resources;
    expect(ten(group)).toEqual(["n2", "hall"]);
    expect(ten({ ...group, seatsWanted: 2 })).toEqual(["n1", "small"]);
    // half a session is none: the hall's other session is not the nurse's
    const split = {
      ...group,
      resources: group.resources.map((r) => (r.id === "hall" ? { ...r, busy: [{ ...seat, booking: "other" }] } : r)),
    };
    expect(ten(split)).toEqual(["n1", "small"]);
    const unnamed = { ...seat, booking: undefined };
    const single = { ...questionOf({ id: "yoga", seats: 6 }, { busy: [unnamed] }) };
    expect(findTimes(single, { from, to: from + 1 })[0]?.resources).toEqual(["dr"]);
    expect(explain(group, from)).toEqual([]);
    expect(explain(single, from)).toEqual([]);
  });

  it("more resources than an exact number can remember still work", () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      resourceOf(`r${i}`, { rules: rulesOf(daily([480, i === 59 ? 600 : 540])) }),
    );
    const offers = findTimes({ ...questionOf(), resources: many }, TUESDAY);
    expect(clock(offers.map((o) => o.start))).toEqual(["08:00", "08:30", "09:00", "09:30"]);
    expect(offers.map((o) => o.resources[0])).toEqual(["r0", "r0", "r59", "r59"]);
  });

  it("assignment follows the order of preference as far as everyone is served", () => {
    expect(assign([1, 1], [["a", "b"], ["a"]])).toEqual(["b", "a"]);
    expect(
      assign(
        [1, 1],
        [
          ["a", "b"],
          ["a", "b"],
        ],
      ),
    ).toEqual(["a", "b"]);
    expect(assign([2], [["a"]])).toBeNull();
    expect(assign([], [])).toEqual([]);
    expect(assign([1], [])).toBeNull();
  });
});

describe("a choice of durations, and windows", () => {
  it("each start says which lengths fit", () => {
    const q = questionOf({ intervalMinutes: 30 }, { rules: rulesOf(daily([480, 570])) });
    const found = findLengths(q, TUESDAY, [60, 30]);
    expect(clock(found.map((o) => o.start))).toEqual(["08:00", "08:30", "09:00"]);
    expect(found.map((o) => o.lengths.map((l) => l.minutes))).toEqual([[30, 60], [30, 60], [30]]);
  });

  it("free windows are hours less everything that occupies", () => {
    const q = {
      ...questionOf({}, { busy: [{ ...visit("a", "09:00"), after: 10 }], leave: [visit("l", "12:00", 60)] }),
      closures: [visit("c", "16:00", 120)],
    };
    const windows = freeWindows(q, TUESDAY).map((w) => clock([w.from, w.to]).join("-"));
    expect(windows).toEqual(["08:00-09:00", "09:40-12:00", "13:00-16:00"]);
    const part = { from: at("2026-11-24T08:15:00+02:00"), to: at("2026-11-24T08:45:00+02:00") };
    expect(freeWindows(q, part)).toEqual([{ resource: "dr", ...part }]);
    expect(freeWindows(q, { from: part.from, to: part.from })).toEqual([]);
  });
});

describe("a series", () => {
  const q: Question = {
    ...questionOf({ minutes: 30, intervalMinutes: 30 }),
    zone: NY,
    now: at("2026-10-01T12:00:00Z"),
  };
  const weekly = ["2026-10-18", "2026-10-25", "2026-11-01", "2026-11-08"].map((date) => ({ date, minute: 540 }));

  it("keeps the wall-clock time across a clock change", () => {
    const verdict = evaluateSeries(q, weekly);
    expect(verdict.ok).toBe(true);
    const starts = verdict.results.map((r) => (r.result === "free" ? r.start : 0));
    expect(clock(starts, NY)).toEqual(["09:00", "09:00", "09:00", "09:00"]);
    expect((starts[3] as number) - (starts[1] as number)).toBe((14 * 24 + 1) * 60 * MINUTE);
  });

  it("is looked at as a whole: every date has its answer, blocked ones the nearest alternatives", () => {
    const busy = [{ from: at("2026-10-25T09:00:00-04:00"), to: at("2026-10-25T09:30:00-04:00") }];
    const verdict = evaluateSeries({ ...q, resources: [resourceOf("dr", { busy })] }, weekly);
    expect(verdict.ok).toBe(false);
    expect(verdict.results.map((r) => r.result)).toEqual(["free", "blocked", "free", "free"]);
    const second = verdict.results[1];
    if (second?.result !== "blocked") throw new Error("expected a blocked date");
    expect(second.why).toEqual([{ why: "busy", resource: "dr", ...busy[0] }]);
    expect(
      clock(
        second.alternatives.map((o) => o.start),
        NY,
      ),
    ).toEqual(["08:30", "09:30", "08:00"]);
  });

  it("reports a wall time that does not exist on a date", () => {
    const night = {
      ...q,
      now: at("2026-03-01T00:00:00Z"),
      resources: [resourceOf("dr", { rules: rulesOf(daily([0, 360])) })],
    };
    const verdict = evaluateSeries(
      night,
      [
        { date: "2026-03-01", minute: 150 },
        { date: "2026-03-08", minute: 150 },
      ],
      2,
    );
    expect(verdict.results.map((r) => r.result)).toEqual(["free", "no_such_time"]);
    const gap = verdict.results[1];
    expect(
      gap?.result === "no_such_time" &&
        clock(
          gap.alternatives.map((o) => o.start),
          NY,
        ),
    ).toEqual(["03:30", "03:00"]);
  });

  it("its own dates count: limits and each other", () => {
    const daily3 = ["2026-10-19", "2026-10-20", "2026-10-21"].map((date) => ({ date, minute: 540 }));
    const limited = evaluateSeries({ ...q, service: { ...q.service, limits: { perWeek: { count: 2 } } } }, daily3);
    expect(limited.results.map((r) => r.result)).toEqual(["free", "free", "blocked"]);
    const twice = evaluateSeries(
      { ...q, service: { ...q.service, bufferAfter: 15 } },
      [weekly[0], { date: "2026-10-18", minute: 570 }].flatMap((o) => o ?? []),
    );
    expect(twice.results.map((r) => r.result)).toEqual(["free", "blocked"]);
    const pairs = {
      ...q,
      needs: [
        { count: 1, of: ["dr"] },
        { count: 1, of: ["room"] },
      ],
      resources: [...q.resources, resourceOf("room", { rules: null })],
    };
    expect(evaluateSeries(pairs, [...weekly, ...weekly]).results.filter((r) => r.result === "blocked")).toHaveLength(4);
  });

  it("has an end", () => {
    const dates = Array.from({ length: 105 }, () => ({ date: "2026-10-18", minute: 540 }));
    expect(() => evaluateSeries(q, dates)).toThrow(RangeError);
    expect(nearestTimes(q, at("2026-10-18T03:00:00Z"), 0)).toEqual([]);
  });
});

describe("a family set", () => {
  const two = [{ minutes: 20 }, { minutes: 30 }];
  const q = questionOf(
    { minutes: 20, intervalMinutes: 20, bufferAfter: 10 },
    { rules: rulesOf(daily([480, 600])), busy: [visit("x", "09:10", 5)] },
  );

  it("back to back: one after the other with the same person, buffers between, all or nothing", () => {
    const offers = findFamilyTimes(q, TUESDAY, { members: two, mode: "back_to_back" });
    expect(offers.map((o) => clock(o.visits.map((v) => v.start)))).toEqual([
      // 20 minutes, 10 between, 30 and 10 after: done when the next one begins at 09:10
      ["08:00", "08:30"],
    ]);
    expect(offers[0]?.visits.map((v) => [v.minutes, v.resources])).toEqual([
      [20, ["dr"]],
      [30, ["dr"]],
    ]);
    const late = explain(familyQuestion(q, { members: two, mode: "back_to_back" }), at("2026-11-24T09:20:00+02:00"));
    expect(late.map((b) => b.why)).toEqual(["closed"]);
  });

  it("back to back with shared buffers and a room that is needed longer", () => {
    const room = resourceOf("room", { rules: null });
    const shared: Question = {
      ...q,
      shareBuffers: true,
      resources: [resourceOf("dr", { rules: rulesOf(daily([480, 600])) }), room],
      needs: [
        { count: 1, of: ["dr"] },
        { count: 1, of: ["room"], minutes: 40, bufferAfter: 0 },
      ],
    };
    const [first] = findFamilyTimes(shared, TUESDAY, {
      members: [{ minutes: 20 }, { minutes: 20 }],
      mode: "back_to_back",
    });
    expect(clock(first?.visits.map((v) => v.start) ?? [])).toEqual(["08:00", "08:40"]);
  });

  it("parallel: everyone at once, each with resources of their own", () => {
    const parallel: Question = {
      ...questionOf({ minutes: 20, intervalMinutes: 20 }),
      resources: [
        resourceOf("d1", { busy: [visit("a", "08:00", 20)] }),
        resourceOf("d2"),
        resourceOf("r1", { rules: null, busy: [visit("b", "08:20", 20)] }),
        resourceOf("r2", { rules: null }),
      ],
      needs: [
        { count: 1, of: ["d1", "d2"] },
        { count: 1, of: ["r1", "r2"] },
      ],
    };
    const [first] = findFamilyTimes(parallel, TUESDAY, { members: two, mode: "parallel" });
    expect(first && clock(first.visits.map((v) => v.start))).toEqual(["08:40", "08:40"]);
    const used = first?.visits.flatMap((v) => v.resources) ?? [];
    expect(new Set(used).size).toBe(4);
  });

  it("counts everyone towards limits", () => {
    const limited = { ...q, service: { ...q.service, limits: { perDay: { count: 2 } } } };
    expect(findFamilyTimes(limited, TUESDAY, { members: two, mode: "back_to_back" })).toEqual([]);
  });

  it("where no run fits: apart on one day, the shortest stay first", () => {
    const gaps = questionOf(
      { minutes: 20, intervalMinutes: 20 },
      { rules: rulesOf(daily([480, 600])), busy: [visit("x", "08:20", 20), visit("y", "09:00", 40)] },
    );
    const members = [{ minutes: 20 }, { minutes: 20 }];
    expect(findFamilyTimes(gaps, TUESDAY, { members, mode: "back_to_back" })).toEqual([]);
    const apart = findFamilyApart(gaps, TUESDAY, members);
    expect(apart.map((o) => clock(o.visits.map((v) => v.start)))).toEqual([
      ["08:00", "08:40"],
      ["08:40", "09:40"],
    ]);
  });

  it("is of one to ten people", () => {
    expect(() => findFamilyTimes(q, TUESDAY, { members: [], mode: "parallel" })).toThrow(RangeError);
    expect(() =>
      findFamilyApart(
        q,
        TUESDAY,
        Array.from({ length: 11 }, () => ({ minutes: 5 })),
      ),
    ).toThrow(RangeError);
  });
});

describe("open now", () => {
  const rules = [
    rulesOf([
      { weekday: 1, from: 480, to: 720 },
      { weekday: 5, from: 1200, to: 120 },
    ]),
  ];
  const state = (text: string, r = rules) => openState({ zone: JHB, now: at(text), rules: r });

  it("says until when, or when next", () => {
    expect(state("2026-11-23T08:00:00+02:00")).toEqual({
      open: true,
      until: at("2026-11-23T12:00:00+02:00"),
      next: null,
    });
    expect(state("2026-11-23T12:00:00+02:00")).toEqual({
      open: false,
      until: null,
      next: at("2026-11-27T20:00:00+02:00"),
    });
    expect(state("2026-11-28T01:00:00+02:00")).toEqual({
      open: true,
      until: at("2026-11-28T02:00:00+02:00"),
      next: null,
    });
  });

  it("joins everyone's hours; around the clock has no end, nobody has no next", () => {
    const more = [...rules, rulesOf([{ weekday: 1, from: 700, to: 800 }])];
    expect(state("2026-11-23T08:00:00+02:00", more).until).toBe(at("2026-11-23T13:20:00+02:00"));
    expect(state("2026-11-23T08:00:00+02:00", [rulesOf(daily([0, 1440]))])).toEqual({
      open: true,
      until: null,
      next: null,
    });
    expect(state("2026-11-23T08:00:00+02:00", [])).toEqual({ open: false, until: null, next: null });
  });
});

describe("reasons in words", () => {
  it("every rule has a sentence, none says who booked", () => {
    const whys: BlockReason[] = [
      "past",
      "notice",
      "horizon",
      "off_grid",
      "closed",
      "holiday",
      "closure",
      "leave",
      "busy",
      "seats",
      "day_limit",
      "week_limit",
      "not_enough",
    ];
    const texts = whys.map((why) => blockText({ why }, JHB));
    expect(new Set(texts).size).toBe(whys.length);
    const from = at("2026-11-24T10:00:00+02:00");
    expect(blockText({ why: "leave", resource: "r", from, to: from + 60 * MINUTE }, JHB, () => "Dr Mokoena")).toBe(
      "Dr Mokoena: Leave from 10:00 to 11:00",
    );
    expect(blockText({ why: "notice", to: from }, JHB)).toBe("Too soon: bookable from Tue 24 Nov, 10:00");
    expect(blockText({ why: "horizon", from }, JHB)).toBe("After the last bookable day");
    expect(blockText({ why: "closure", from, to: from + 48 * 60 * MINUTE }, JHB)).toBe(
      "The clinic is shut from Tue 24 Nov, 10:00 to Thu 26 Nov, 10:00",
    );
  });
});
