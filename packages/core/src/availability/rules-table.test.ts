import { describe, expect, it } from "vitest";
import { explain } from "./explain.ts";
import { findStarts, findTimes } from "./find-times.ts";
import { checkTime, freeTimes } from "./free-times.ts";
import { at, clock, daily, dayOf, JHB, MINUTE, NY, questionOf, resourceOf, rulesOf } from "./testing/clinic.ts";
import type { Question } from "./types.ts";

const TUESDAY = dayOf("2026-11-24");
const times = (q: Question, window = TUESDAY) => clock(findStarts(q, window), q.zone);
const whys = (q: Question, start: number) => explain(q, start).map((b) => b.why);

describe("the rules where systems of this kind disagree", () => {
  it("hours with end <= start: end on the next day", () => {
    const q = questionOf(
      { minutes: 60, intervalMinutes: 60 },
      { rules: rulesOf([{ weekday: 2, from: 1320, to: 120 }]) },
    );
    expect(times(q, { from: TUESDAY.from, to: TUESDAY.to + 24 * 60 * MINUTE })).toEqual([
      "22:00",
      "23:00",
      "00:00",
      "01:00",
    ]);
    const round = questionOf(
      { minutes: 60, intervalMinutes: 60 },
      { rules: rulesOf([{ weekday: 2, from: 480, to: 480 }]) },
    );
    expect(times(round, { from: TUESDAY.from, to: TUESDAY.to + 24 * 60 * MINUTE })).toHaveLength(24);
  });

  it("start exactly at now + minimum notice: allowed", () => {
    const q = { ...questionOf({ noticeMinutes: 120 }), now: at("2026-11-24T08:00:00+02:00") };
    expect(times(q)[0]).toBe("10:00");
    expect(times({ ...q, now: q.now + 1 })[0]).toBe("10:30");
    expect(whys({ ...q, now: q.now + 1 }, at("2026-11-24T10:00:00+02:00"))).toEqual(["notice"]);
  });

  it("intervals: half-open, back-to-back is legal", () => {
    const busy = [{ from: at("2026-11-24T09:00:00+02:00"), to: at("2026-11-24T09:30:00+02:00") }];
    const q = questionOf({}, { busy, rules: rulesOf(daily([510, 600])) });
    expect(times(q)).toEqual(["08:30", "09:30"]);
  });

  it("slot grid: anchored in the clinic's zone, from opening where asked, never in the viewer's zone", () => {
    const early = { rules: rulesOf(daily([500, 600])) };
    expect(times(questionOf({}, early))).toEqual(["08:30", "09:00", "09:30"]);
    expect(times(questionOf({ alignment: { kind: "clock", offset: 10 } }, early))).toEqual(["08:40", "09:10"]);
    expect(times(questionOf({ alignment: { kind: "opening" } }, early))).toEqual(["08:20", "08:50", "09:20"]);
    // a zone off by 45 minutes keeps its own half hours
    const q = { ...questionOf({ minutes: 30, intervalMinutes: 60 }), zone: "Asia/Kathmandu" };
    expect(clock(findStarts(q, TUESDAY), "Asia/Kathmandu")[0]).toBe("08:00");
  });

  it("slot grid: an interval that does not divide the day begins anew at each midnight", () => {
    const q = questionOf({ minutes: 25, intervalMinutes: 50 }, { rules: rulesOf(daily([0, 1440])) });
    const two = times(q, { from: TUESDAY.from, to: TUESDAY.to + 60 * MINUTE });
    expect(two.slice(-3)).toEqual(["23:20", "00:00", "00:50"]);
  });

  it("daylight saving: a time in the gap moves later", () => {
    const q = { ...questionOf({ minutes: 30, intervalMinutes: 30 }), zone: NY, now: at("2026-03-07T00:00:00Z") };
    const gap = { ...q, resources: [resourceOf("dr", { rules: rulesOf(daily([150, 300])) })] };
    // 02:30 to 05:00 on the night the clocks jump from 02:00 to 03:00: opens at 03:30
    expect(times(gap, dayOf("2026-03-08", "-05:00"))).toEqual(["03:30", "04:00", "04:30"]);
  });

  it("daylight saving: a repeated time takes the first, and the longer night has its hour more", () => {
    const q = { ...questionOf({ minutes: 30, intervalMinutes: 30 }), zone: NY, now: at("2026-10-30T00:00:00Z") };
    const night = { ...q, resources: [resourceOf("dr", { rules: rulesOf(daily([60, 180])) })] };
    const starts = findStarts(night, dayOf("2026-11-01", "-04:00"));
    expect(starts[0]).toBe(at("2026-11-01T01:00:00-04:00"));
    expect(clock(starts, NY)).toEqual(["01:00", "01:30", "01:00", "01:30", "02:00", "02:30"]);
  });

  it("override for a date: replaces that day's hours entirely; an empty override closes the day", () => {
    const rules = rulesOf(daily([480, 1020]), {
      overrides: [{ date: "2026-11-24", windows: [{ from: 600, to: 660 }] }],
    });
    expect(times(questionOf({}, { rules }))).toEqual(["10:00", "10:30"]);
    const shut = rulesOf(daily([480, 1020]), { overrides: [{ date: "2026-11-24", windows: [] }] });
    expect(times(questionOf({}, { rules: shut }))).toEqual([]);
    expect(times(questionOf({}, { rules: shut }), dayOf("2026-11-25"))).toHaveLength(18);
  });

  it("buffers that meet: both are kept, a clinic setting may share them", () => {
    const busy = [
      { from: at("2026-11-24T10:00:00+02:00"), to: at("2026-11-24T10:30:00+02:00"), before: 10, after: 10 },
    ];
    const q = questionOf({ minutes: 20, intervalMinutes: 5, bufferBefore: 10, bufferAfter: 10 }, { busy });
    const around = { from: at("2026-11-24T09:00:00+02:00"), to: at("2026-11-24T11:00:00+02:00") };
    const added = times(q, around);
    expect(added).toContain("09:20");
    expect(added).not.toContain("09:25");
    expect(added).toContain("10:50");
    expect(added).not.toContain("10:45");
    const shared = times({ ...q, shareBuffers: true }, around);
    expect(shared).toContain("09:30");
    expect(shared).not.toContain("09:35");
    expect(shared).toContain("10:40");
    expect(shared).not.toContain("10:35");
  });

  it("capacity > 1: a session with seats left is offered at its own start, a full one is not", () => {
    const from = at("2026-11-24T10:00:00+02:00");
    const session = (taken: number) => [{ from, to: from + 30 * MINUTE, service: "class", seats: { of: 4, taken } }];
    const q = (taken: number, wanted = 1) => ({
      ...questionOf({ id: "class", seats: 4 }, { busy: session(taken) }),
      seatsWanted: wanted,
    });
    expect(times(q(3))).toContain("10:00");
    expect(times(q(4))).not.toContain("10:00");
    expect(times(q(3, 2))).not.toContain("10:00");
    expect(whys(q(4), from)).toEqual(["seats"]);
    expect(whys(q(0, 5), from)).toEqual(["seats", "seats"]);
    expect(whys(q(1), from + 30 * MINUTE)).toEqual([]);
    // a limit counts the session once; a seat in it is no new session
    const limited = questionOf({ id: "class", seats: 4, limits: { perDay: { count: 1 } } }, { busy: session(2) });
    expect(times(limited)).toEqual(["10:00"]);
  });

  it("a start in the past is never offered, whatever the notice", () => {
    const q = { ...questionOf(), now: at("2026-11-24T12:10:00+02:00") };
    expect(times(q)[0]).toBe("12:30");
    expect(whys(q, at("2026-11-24T12:00:00+02:00"))).toEqual(["past"]);
    const onTheDot = { ...q, now: at("2026-11-24T12:00:00+02:00") };
    expect(times(onTheDot)[0]).toBe("12:00");
    expect(whys(onTheDot, onTheDot.now)).toEqual([]);
  });
});

describe("horizon, limits and what shuts a day", () => {
  it("days: to the end of that day in the clinic's zone", () => {
    const q = questionOf({ horizon: { days: 1 } });
    const week = { from: TUESDAY.from, to: TUESDAY.to + 7 * 24 * 60 * MINUTE };
    expect(findStarts(q, week).at(-1)).toBe(at("2026-11-24T16:30:00+02:00"));
    expect(whys(q, at("2026-11-25T10:00:00+02:00"))).toEqual(["horizon"]);
  });

  it("working days skip weekends and public holidays; a fixed range has two ends", () => {
    const week = { from: TUESDAY.from, to: TUESDAY.to + 14 * 24 * 60 * MINUTE };
    const q = { ...questionOf({ horizon: { workingDays: 5 } }), holidays: ["2026-11-26"] };
    expect(findStarts(q, week).at(-1)).toBe(at("2026-12-01T16:30:00+02:00"));
    const fixed = questionOf({ horizon: { from: "2026-11-25", to: "2026-11-26" } });
    const found = findStarts(fixed, week);
    expect(found[0]).toBe(at("2026-11-25T08:00:00+02:00"));
    expect(found.at(-1)).toBe(at("2026-11-26T16:30:00+02:00"));
    expect(whys(fixed, at("2026-11-24T10:00:00+02:00"))).toEqual(["horizon"]);
  });

  it("a public holiday closes the weekly hours, an override for it opens them again", () => {
    const q = { ...questionOf(), holidays: ["2026-11-24"] };
    expect(times(q)).toEqual([]);
    expect(whys(q, at("2026-11-24T10:00:00+02:00"))).toEqual(["holiday"]);
    const overrides = [{ date: "2026-11-24", windows: [{ from: 540, to: 600 }] }];
    const open = { ...q, resources: [resourceOf("dr", { rules: rulesOf(daily([480, 1020]), { overrides }) })] };
    expect(times(open)).toEqual(["09:00", "09:30"]);
    expect(whys(open, at("2026-11-24T10:00:00+02:00"))).toEqual(["closed"]);
  });

  it("a closure shuts everyone, leave one person; both stop visits that would run into them", () => {
    const away = { from: at("2026-11-24T09:15:00+02:00"), to: at("2026-11-24T16:00:00+02:00") };
    expect(times(questionOf({}, { leave: [away] }))).toEqual(["08:00", "08:30", "16:00", "16:30"]);
    const q = { ...questionOf(), closures: [away] };
    expect(times(q)).toEqual(["08:00", "08:30", "16:00", "16:30"]);
    expect(whys(q, at("2026-11-24T09:00:00+02:00"))).toEqual(["closure"]);
    expect(explain(questionOf({}, { leave: [away] }), at("2026-11-24T12:00:00+02:00"))).toEqual([
      { why: "leave", resource: "dr", from: away.from, to: away.to },
    ]);
  });

  it("limits per day and week, by count and by minutes", () => {
    const visit = (text: string, over = {}) => ({ from: at(text), to: at(text) + 30 * MINUTE, ...over });
    const busy = [visit("2026-11-24T08:00:00+02:00"), visit("2026-11-24T09:00:00+02:00")];
    expect(times(questionOf({ limits: { perDay: { count: 2 } } }, { busy }))).toEqual([]);
    expect(times(questionOf({ limits: { perDay: { count: 3 } } }, { busy }))).toHaveLength(16);
    expect(times(questionOf({ limits: { perDay: { minutes: 89 } } }, { busy }))).toEqual([]);
    expect(times(questionOf({ limits: { perDay: { minutes: 90 } } }, { busy }))).toHaveLength(16);
    const weekly = questionOf({ limits: { perWeek: { count: 2 } } }, { busy });
    expect(times(weekly, dayOf("2026-11-29"))).toEqual([]);
    expect(times(weekly, dayOf("2026-11-30"))).toHaveLength(18);
    expect(whys(weekly, at("2026-11-29T10:00:00+02:00"))).toEqual(["week_limit"]);
    expect(times(questionOf({}, { busy, limits: { perDay: { count: 2 } } }))).toEqual([]);
    expect(whys(questionOf({}, { busy, limits: { perDay: { count: 2 } } }), at("2026-11-24T10:00:00+02:00"))).toEqual([
      "day_limit",
    ]);
    // bookings of other months are nobody's limit
    const far = [
      ...busy,
      visit("2026-09-01T08:00:00+02:00"),
      visit("2027-02-01T08:00:00+02:00"),
      visit("2026-11-24T10:00:00+02:00"),
    ];
    expect(times(questionOf({ limits: { perDay: { count: 4 } } }, { busy: far }))).toHaveLength(15);
    expect(times(questionOf({ limits: { perWeek: { count: 3 } } }, { busy: far }))).toEqual([]);
    // outside calendars and other services do not count; one booking on two resources counts once
    const outside = busy.map((b) => ({ ...b, counts: false }));
    expect(times(questionOf({ limits: { perDay: { count: 1 } } }, { busy: outside }))).toHaveLength(16);
    const other = busy.map((b) => ({ ...b, service: "other" }));
    expect(times(questionOf({ id: "mine", limits: { perDay: { count: 1 } } }, { busy: other }))).toHaveLength(16);
    const once = busy.map((b) => ({ ...b, booking: "same" }));
    expect(times(questionOf({ limits: { perDay: { count: 2 } } }, { busy: once }))).toHaveLength(16);
  });

  it("timetables hold between their dates; the one that began last wins", () => {
    const summer = { from: "2026-11-24", until: "2026-11-24", weekly: daily([600, 660]) };
    const always = { from: null, until: null, weekly: daily([720, 780]) };
    const rules = rulesOf(daily([480, 1020]), { timetables: [summer, always] });
    expect(times(questionOf({}, { rules }))).toEqual(["10:00", "10:30"]);
    expect(times(questionOf({}, { rules }), dayOf("2026-11-25"))).toEqual(["12:00", "12:30"]);
  });
});

describe("alignment and lengths", () => {
  it("packed: starts follow opening and each busy stretch, so that no time is lost between visits", () => {
    const busy = [{ from: at("2026-11-24T09:10:00+02:00"), to: at("2026-11-24T09:35:00+02:00") }];
    const q = questionOf(
      { minutes: 20, intervalMinutes: 20, alignment: { kind: "packed" } },
      { busy, rules: rulesOf(daily([480, 620])) },
    );
    expect(times(q)).toEqual(["08:00", "08:20", "08:40", "09:35", "09:55"]);
    expect(whys(q, at("2026-11-24T09:40:00+02:00"))).toEqual(["off_grid"]);
    expect(whys(q, at("2026-11-24T09:00:00+02:00"))).toEqual(["busy"]);
  });

  it("windows that touch are one: a visit may cross noon", () => {
    const rules = rulesOf(daily([480, 720], [720, 1020]));
    expect(times(questionOf({ minutes: 60, intervalMinutes: 30 }, { rules }))).toContain("11:30");
  });

  it("windows that overlap offer each start once", () => {
    const rules = rulesOf(daily([480, 600], [540, 660]));
    expect(times(questionOf({ alignment: { kind: "opening" } }, { rules }))).toEqual([
      "08:00",
      "08:30",
      "09:00",
      "09:30",
      "10:00",
      "10:30",
    ]);
  });

  it("refuses what no clinic asks", () => {
    const long = { from: TUESDAY.from, to: TUESDAY.from + 4000 * 24 * 60 * MINUTE };
    expect(() => findStarts(questionOf(), long)).toThrow("window longer");
    expect(() => findStarts(questionOf({ minutes: 0 }), TUESDAY)).toThrow("minutes out of range");
    expect(() => findStarts(questionOf({ minutes: 30_000 }), TUESDAY)).toThrow("minutes out of range");
    expect(() => findStarts(questionOf({ intervalMinutes: 0 }), TUESDAY)).toThrow("intervalMinutes out of range");
    expect(() => findTimes({ ...questionOf(), needs: [{ count: 1, of: ["nobody"] }] }, TUESDAY)).toThrow(
      "no such resource",
    );
    expect(findStarts({ ...questionOf(), needs: [] }, TUESDAY)).toHaveLength(18);
    expect(findStarts({ ...questionOf(), needs: [{ count: 1, of: [] }] }, TUESDAY)).toEqual([]);
    expect(findStarts({ ...questionOf(), needs: [{ count: 2, of: ["dr"] }] }, TUESDAY)).toEqual([]);
    // a horizon cuts a long window short before anything is computed
    expect(findStarts(questionOf({ horizon: { days: 1 } }), long)).toHaveLength(18);
  });
});

describe("the simple front", () => {
  const simple = {
    zone: JHB,
    now: at("2026-11-24T06:30:00+02:00"),
    service: { minutes: 20, bufferBefore: 0, bufferAfter: 0, intervalMinutes: 20, noticeMinutes: 60, horizonDays: 7 },
    rules: rulesOf(daily([480, 540])),
    busy: [{ from: at("2026-11-24T08:20:00+02:00"), to: at("2026-11-24T08:40:00+02:00") }],
    leave: [{ from: at("2026-11-25T00:00:00+02:00"), to: at("2026-11-26T00:00:00+02:00") }],
  };

  it("gives ascending start instants", () => {
    expect(clock(freeTimes({ ...simple, window: TUESDAY }))).toEqual(["08:00", "08:40"]);
  });

  it("names every rule that blocks a time, once each", () => {
    const check = (text: string) => checkTime(simple, at(text));
    expect(check("2026-11-24T08:00:00+02:00")).toEqual({ ok: true });
    expect(check("2026-11-24T08:20:00+02:00")).toEqual({ ok: false, why: ["busy"] });
    expect(check("2026-11-24T08:10:00+02:00")).toEqual({ ok: false, why: ["off_grid", "busy"] });
    expect(check("2026-11-24T08:00:30+02:00")).toEqual({ ok: false, why: ["off_grid"] });
    expect(check("2026-11-25T08:00:00+02:00")).toEqual({ ok: false, why: ["leave"] });
    expect(check("2026-11-24T05:00:00+02:00")).toEqual({ ok: false, why: ["past", "notice", "closed"] });
    expect(check("2026-12-24T08:00:00+02:00")).toEqual({ ok: false, why: ["horizon"] });
  });
});
