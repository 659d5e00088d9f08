import { describe, expect, test } from "vitest";
import type { OfferedService, Sources } from "../../scheduling/index.ts";
import { type Displaced, type Known, planDay } from "./plan-day.ts";

const zone = "Africa/Johannesburg";
const at = (time: string, day = "2026-11-24") => Date.parse(`${day}T${time}:00+02:00`);
const day = { from: at("00:00"), to: at("00:00", "2026-11-25") };
const window = { from: day.from, to: at("00:00", "2026-11-27") };

const service: OfferedService = {
  id: "check-up",
  name: "Check-up",
  minutes: 20,
  bufferBefore: 0,
  bufferAfter: 0,
  intervalMinutes: 20,
  noticeMinutes: 0,
  horizonDays: 30,
  priceCents: 0,
  practitionerIds: ["mokoena", "naidoo"],
  otherMinutes: [],
  alignment: "clock",
  alignmentOffset: 0,
  horizon: { days: 30 },
  seats: 1,
  limits: {},
  needsApproval: false,
  needs: [],
  asks: false,
  shareBuffers: false,
  peopleLimited: false,
  counted: [],
};

/** Mokoena is away; Naidoo works from eight to `until`. */
function knownUntil(until: number, over: Partial<OfferedService> = {}, rooms: Sources["resources"] = []) {
  const weekly = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from: 480, to: until }));
  const person = { address: null, rules: { weekly, overrides: [] }, leave: [], busy: [], limits: {} };
  const sources: Sources = {
    now: at("07:00"),
    clinic: { zone, shareBuffers: false },
    practitioners: [
      { ...person, id: "mokoena", name: "Dr Mokoena", position: 0 },
      { ...person, id: "naidoo", name: "Dr Naidoo", position: 1 },
    ],
    resources: rooms,
    closures: [],
    holidays: [],
  };
  return new Map<string, Known>([[service.id, { sources, service: { ...service, ...over } }]]);
}

const visit = (bookingId: string, start: number): Displaced => ({
  bookingIds: [bookingId],
  serviceId: service.id,
  start,
  minutes: 20,
});
const away = { practitionerId: "mokoena", day };

describe("a day that is planned anew", () => {
  test("gives every visit a colleague at the same time where there is one", () => {
    const plan = planDay(away, [visit("a", at("09:00")), visit("b", at("10:00"))], knownUntil(1020), window);
    expect(plan.get("a")).toEqual({ start: at("09:00"), practitionerId: "naidoo" });
    expect(plan.get("b")).toEqual({ start: at("10:00"), practitionerId: "naidoo" });
  });

  test("proposes no time twice: the second of two goes to the nearest that is left", () => {
    const visits = [visit("b", at("09:00")), visit("a", at("09:00"))];
    const starts = [...planDay(away, visits, knownUntil(1020), window).values()].map((to) => to?.start);
    expect(new Set(starts)).toEqual(new Set([at("09:00"), at("08:40")]));
  });

  test("goes past the day when it is full, back to whoever was away", () => {
    const visits = Array.from({ length: 4 }, (_, index) => visit(`visit ${index}`, at("08:00") + index * 1_200_000));
    const plan = planDay(away, visits, knownUntil(540), window);
    expect(plan.get("visit 2")).toEqual({ start: at("08:40"), practitionerId: "naidoo" });
    const last = plan.get("visit 3");
    expect(last?.start).toBe(at("08:00", "2026-11-25"));
  });

  test("moves a group session as a whole, to where there are seats for all of it", () => {
    const known = knownUntil(1020, { seats: 4 });
    const [{ sources } = {}] = known.values();
    const theirs = { from: at("09:00"), to: at("09:20"), booking: "theirs", service: service.id };
    sources?.practitioners[1]?.busy.push({ ...theirs, seats: { of: 4, taken: 2 } });
    const session: Displaced = { ...visit("a", at("09:00")), bookingIds: ["a", "b", "c"] };
    const plan = planDay(away, [session], known, window);
    expect([...plan]).toEqual(["a", "b", "c"].map((id) => [id, { start: at("08:40"), practitionerId: "naidoo" }]));
    // two of them would find a seat with the colleague
    const two = planDay(away, [{ ...session, bookingIds: ["a", "b"] }], known, window);
    expect(two.get("b")).toEqual({ start: at("09:00"), practitionerId: "naidoo" });
    expect(planDay(away, [session], knownUntil(1020, { seats: 2 }), window).get("c")).toBeNull();
  });

  test("takes rooms into account, and says so when there is no time at all", () => {
    const room = { id: "room", name: "Room 1", rules: null, busy: [], leave: [] };
    const one = knownUntil(1020, { needs: [{ id: "need", count: 1, of: ["room"] }] }, [room]);
    const visits = [visit("a", at("09:00")), visit("b", at("09:00"))];
    const starts = [...planDay(away, visits, one, window).values()].map((to) => to?.start);
    expect(new Set(starts).size).toBe(2);
    expect(planDay(away, visits, new Map(), window).get("a")).toBeNull();
  });
});
