import { describe, expect, it } from "vitest";
import { runCase, runCaseText } from "./slots.ts";

const plain = {
  now: "2026-11-23T08:00:00+02:00",
  zone: "Africa/Johannesburg",
  window: { from: "2026-11-24", to: "2026-11-25" },
  resources: [{ id: "dr", hours: [{ weekday: [1, 2, 3, 4, 5], from: "08:00", to: "10:00" }] }],
  service: { duration: 30 },
};
/** The case with one field, given by its path, replaced. */
function changed(path: string, value: unknown, base: unknown = plain): unknown {
  const copy = structuredClone(base) as Record<string, unknown>;
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  let at = copy;
  for (const key of keys.slice(0, -1)) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  at[keys.at(-1) as string] = value;
  return copy;
}
const output = (json: unknown) => {
  const answer = runCase(json);
  if (!answer.ok) throw new Error(`${answer.field} ${answer.message}`);
  return answer.output as Record<string, unknown>;
};
const hour = (h: string) => `2026-11-24T${h}:00+02:00`;

describe("a case from a file", () => {
  it("prints the times on the clinic's clock", () => {
    expect(output(plain)).toEqual({
      zone: "Africa/Johannesburg",
      count: 4,
      times: ["08:00", "08:30", "09:00", "09:30"].map(hour),
    });
  });

  it("reads wall times, dates, epoch milliseconds and instants alike", () => {
    for (const now of [
      "2026-11-24T08:10",
      "2026-11-24T06:10:00Z",
      "2026-11-24T08:10:00+02:00",
      Date.parse("2026-11-24T06:10:00Z"),
    ]) {
      expect(output(changed("now", now)).times).toEqual(["08:30", "09:00", "09:30"].map(hour));
    }
    expect(output(changed("now", "2026-11-24T08:30:01")).times).toEqual(["09:00", "09:30"].map(hour));
  });

  it("knows every rule of the engine", () => {
    const full = {
      now: "2026-11-23T08:00",
      zone: "Africa/Johannesburg",
      window: { from: "2026-11-23", to: "2026-12-05" },
      buffers: "share",
      holidays: ["2026-11-25"],
      closures: [{ from: "2026-11-26", to: "2026-11-27" }],
      resources: [
        {
          id: "dr",
          hours: [
            { weekday: 2, from: 480, to: "12:00" },
            { weekday: [3, 4, 5], from: "08:00", to: "12:00" },
          ],
          overrides: [{ date: "2026-11-27", windows: [{ from: "22:00", to: "00:30" }] }],
          timetables: [
            { from: "2026-11-30", until: "2026-12-04", hours: [{ weekday: 1, from: "10:00", to: "11:00" }] },
          ],
          busy: [
            {
              from: "2026-11-24T09:00",
              to: "2026-11-24T09:30",
              bufferBefore: 10,
              bufferAfter: 15,
              booking: "b1",
              service: "check",
              counts: true,
            },
          ],
          leave: [{ from: "2026-11-24T11:00", to: "2026-11-24T12:00" }],
          limits: { perDay: { count: 8 }, perWeek: { minutes: 600 } },
        },
        { id: "room", busy: [{ from: "2026-11-30T10:00", to: "2026-11-30T10:30", seats: { of: 2, taken: 1 } }] },
      ],
      needs: [{ of: ["dr"] }, { count: 1, of: ["room"], minutes: 30, bufferBefore: 0, bufferAfter: 5, leads: false }],
      service: {
        id: "check",
        duration: 30,
        interval: 15,
        alignment: { kind: "clock", offset: 0 },
        bufferBefore: 5,
        bufferAfter: 5,
        notice: 60,
        horizon: { days: 30 },
        limits: { perDay: { count: 10, minutes: 400 } },
      },
    };
    const { times, offers } = output(full) as { times: string[]; offers: { start: string; resources: string[] }[] };
    expect(times.filter((t) => t.startsWith("2026-11-24")).map((t) => t.slice(11, 16))).toEqual([
      "08:00",
      "08:15",
      "09:45",
      "10:00",
      "10:15",
      "10:30",
    ]);
    expect(times.filter((t) => t.startsWith("2026-11-25") || t.startsWith("2026-11-26"))).toEqual([]);
    expect(times.filter((t) => t > "2026-11-27T20" && t < "2026-11-29").map((t) => t.slice(8, 16))).toEqual([
      "27T22:00",
      "27T22:15",
      "27T22:30",
      "27T22:45",
      "27T23:00",
      "27T23:15",
      "27T23:30",
      "27T23:45",
      "28T00:00",
    ]);
    expect(times.filter((t) => t.startsWith("2026-11-30")).map((t) => t.slice(11, 16))).toEqual(["10:30"]);
    expect(offers[0]?.resources).toEqual(["dr", "room"]);
  });

  it("prints free windows", () => {
    const busy = changed("resources[0].busy", [{ from: "2026-11-24T08:30", to: "2026-11-24T09:00" }], {
      ...plain,
      ask: "windows",
    });
    expect(output(busy).windows).toEqual([
      { resource: "dr", from: hour("08:00"), to: hour("08:30") },
      { resource: "dr", from: hour("09:00"), to: hour("10:00") },
    ]);
  });

  it("prints explanations, for one time or a list", () => {
    const one = output({ ...plain, window: undefined, ask: "explain", at: "2026-11-24T10:00" });
    expect(one.explanations).toEqual([
      { at: hour("10:00"), offered: false, blocks: [{ why: "closed", resource: "dr", text: "dr: Outside the hours" }] },
    ]);
    const two = output({
      ...plain,
      ask: "explain",
      at: ["2026-11-24T09:00", "2026-11-23T07:00"],
      service: { duration: 30, notice: 60 },
    });
    const explanations = two.explanations as { offered: boolean; blocks: { why: string; to?: string }[] }[];
    expect(explanations.map((e) => [e.offered, e.blocks.map((b) => b.why)])).toEqual([
      [true, []],
      [false, ["past", "notice", "closed"]],
    ]);
    expect(explanations[1]?.blocks[0]?.to).toBe("2026-11-23T08:00:00+02:00");
    const far = output({ ...plain, ask: "explain", at: "2027-11-24T09:00", service: { duration: 30, horizon: 7 } });
    expect((far.explanations as typeof explanations)[0]?.blocks).toMatchObject([
      { why: "horizon", from: "2026-12-01T00:00:00+02:00" },
    ]);
  });

  it("prints a choice of durations", () => {
    const offers = output(changed("service", { duration: [30, 60], interval: 60 })).offers;
    expect(offers).toEqual(
      ["08:00", "09:00"].map((h) => ({
        start: hour(h),
        lengths: [
          { minutes: 30, resources: ["dr"] },
          { minutes: 60, resources: ["dr"] },
        ],
      })),
    );
  });

  it("prints a series with its alternatives", () => {
    const series = { dates: ["2026-11-24", "2026-11-28"], time: "08:30" };
    const answer = output({ ...plain, window: undefined, ask: "series", series }) as {
      ok: boolean;
      dates: { result: string; alternatives?: unknown[] }[];
    };
    expect(answer.ok).toBe(false);
    expect(answer.dates.map((d) => d.result)).toEqual(["free", "blocked"]);
    expect(answer.dates[1]?.alternatives).toHaveLength(3);
    const gap = {
      ...plain,
      zone: "America/New_York",
      now: "2026-03-01",
      ask: "series",
      series: { dates: ["2026-03-08"], time: "02:30" },
    };
    expect((output(gap) as typeof answer).dates[0]?.result).toBe("no_such_time");
  });

  it("prints family sets", () => {
    const family = { mode: "back_to_back", durations: [30, 30, 30] };
    const answer = output({ ...plain, ask: "family", family }) as { count: number; sets: { start: string }[][] };
    expect(answer.sets.map((set) => set.map((v) => v.start.slice(11, 16)))).toEqual([
      ["08:00", "08:30", "09:00"],
      ["08:30", "09:00", "09:30"],
    ]);
  });

  it("writes offsets west of Greenwich and of odd minutes", () => {
    expect((output(changed("zone", "America/St_Johns")).times as string[])[0]).toBe("2026-11-24T08:00:00-03:30");
    expect((output(changed("zone", "Asia/Kathmandu")).times as string[])[0]).toBe("2026-11-24T08:00:00+05:45");
  });

  it("a holiday may be opened by an override alone, and a room without hours is always there", () => {
    const room = { ...plain, resources: [{ id: "room" }], service: { duration: 720 } };
    expect(output(room).times).toHaveLength(2);
    const shut = { ...plain, resources: [{ id: "dr", hours: [] }] };
    expect(output(shut).times).toEqual([]);
  });
});

describe("a case that cannot be read", () => {
  const refused = (json: unknown) => {
    const answer = runCase(json);
    return answer.ok ? "" : answer.field;
  };

  it("is refused with the field that is wrong", () => {
    const hours = { weekday: 1, from: "08:00", to: "17:00" };
    const wrong: [string, unknown][] = [
      ["zone", "Africa/Soweto"],
      ["zone", 2],
      ["now", "yesterday"],
      ["now", "2026-11-24T25:00"],
      ["now", 1.5],
      ["now", "1970-01-01"],
      ["now", "9999-01-01"],
      ["now", undefined],
      ["window.to", "2026-11-24"],
      ["window.to", "2026-02-30"],
      ["window.from", "2026-11-24T10:00:61"],
      ["resources[0].id", ""],
      ["resources[0].hours[0].weekday", 0],
      ["resources[0].hours[0].weekday", "monday"],
      ["resources[0].hours[0].from", "8 o'clock"],
      ["resources[0].hours[0].from", "24:00"],
      ["resources[0].hours[0].to", "24:01"],
      ["resources[0].hours[0].to", 1441],
      ["resources[0].hours[0].to", "08:61"],
      ["resources[0].hours", "always"],
      ["resources[0].leave", [{ from: "2026-11-24", to: "2026-11-24" }, 0].slice(1)],
      ["service.duration", 0],
      ["service.duration", "30"],
      ["service.duration", []],
      ["service.interval", 1441],
      ["service.alignment", "sideways"],
      ["service.horizon", -1],
      ["service.seats", 0],
      ["buffers", "halve"],
      ["seats", 1.5],
      ["ask", "why"],
      ["needs", []],
    ];
    for (const [field, value] of wrong)
      expect([field, refused(changed(field, value))]).toEqual([
        field,
        field === "resources[0].leave" ? "resources[0].leave[0]" : field,
      ]);
    const base = changed("resources[0]", { id: "dr", hours: [hours] });
    const also: [string, unknown, string][] = [
      ["window", { from: "2026-11-24", to: "2036-11-24" }, "window"],
      ["window", undefined, "window"],
      ["window", [], "window"],
      ["resources", [], "resources"],
      ["resources", [{ id: "dr" }, { id: "dr" }], "resources[1].id"],
      ["resources", Array.from({ length: 201 }, (_, i) => ({ id: `r${i}` })), "resources"],
      ["resources[0].busy", [{ from: "2026-11-24T09:00", to: "2026-11-24T08:00" }], "resources[0].busy[0].to"],
      [
        "resources[0].busy",
        [{ from: "2026-11-24T09:00", to: "2026-11-24T10:00", bufferAfter: -1 }],
        "resources[0].busy[0].bufferAfter",
      ],
      [
        "resources[0].busy",
        [{ from: "2026-11-24T09:00", to: "2026-11-24T10:00", seats: { of: 2, taken: 3 } }],
        "resources[0].busy[0].seats.taken",
      ],
      [
        "resources[0].busy",
        [{ from: "2026-11-24T09:00", to: "2026-11-24T10:00", counts: "no" }],
        "resources[0].busy[0].counts",
      ],
      [
        "resources[0].overrides",
        [
          { date: "2026-11-24", windows: [] },
          { date: "2026-11-24", windows: [] },
        ],
        "resources[0].overrides[1].date",
      ],
      [
        "resources[0].timetables",
        [{ from: "2026-12-01", until: "2026-11-01", hours: [] }],
        "resources[0].timetables[0].until",
      ],
      ["service.alignment", { kind: "opening", offset: 5 }, "service.alignment.offset"],
      ["service.horizon", { from: "2026-12-01", to: "2026-11-01" }, "service.horizon.to"],
      ["service.horizon", { workingDays: 1001 }, "service.horizon.workingDays"],
      ["service.colour", "red", "service.colour"],
      ["needs", [{ of: ["nurse"] }], "needs[0].of[0]"],
      ["needs", [{ of: [] }], "needs[0].of"],
    ];
    for (const [path, value, field] of also) expect([path, refused(changed(path, value, base))]).toEqual([path, field]);
    expect(refused({ ...plain, ask: "explain", at: "soon" })).toBe("at");
    expect(refused({ ...plain, ask: "series", series: { dates: [], time: "08:00" } })).toBe("series.dates");
    expect(refused({ ...plain, ask: "family", family: { mode: "parallel", durations: [] } })).toBe("family.durations");
    expect(refused([])).toBe("(input)");
    expect(refused(null)).toBe("(input)");
  });

  it("hours that end before they start go on overnight, unless `overnight` is false", () => {
    const night = changed("resources[0].hours[0]", { weekday: 2, from: "22:00", to: "06:00" });
    expect((output(night).times as string[]).length).toBe(4);
    expect(refused(changed("resources[0].overnight", false, night))).toBe("resources[0].hours[0].to");
    expect(refused(changed("resources[0].overnight", false))).toBe("");
  });

  it("says what is wrong in words", () => {
    const answer = runCase(changed("window.to", "2026-11-20"));
    expect(answer).toEqual({ ok: false, field: "window.to", message: "must be after `from`" });
  });

  it("a family too long for one run names no field but does not fail", () => {
    const family = { mode: "back_to_back", durations: Array.from({ length: 10 }, () => 1440) };
    const answer = runCase({ ...plain, ask: "family", family, service: { duration: 30, bufferBefore: 1440 } });
    expect(answer).toEqual({ ok: false, field: "(input)", message: "minutes out of range" });
  });

  it("text that is not JSON, or endless, is refused", () => {
    expect(runCaseText("{")).toMatchObject({ ok: false, field: "(input)" });
    expect(runCaseText(" ".repeat(10_000_001))).toMatchObject({ ok: false, field: "(input)" });
    expect(runCaseText(JSON.stringify(plain))).toMatchObject({ ok: true });
  });
});
