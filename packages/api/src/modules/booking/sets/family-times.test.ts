import { type Busy, dayOf } from "@pulsecal/core";
import { describe, expect, test } from "vitest";
import { type LoadedQuestion, questionOf } from "../../scheduling/index.ts";
import { numbers, type Next, seeded } from "./testing/seeded.ts";
import { assignFamily, assignSeats, type FamilyVisit, type Held, proposeFamily } from "./family-times.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const zone = "Africa/Johannesburg";
const monday = Date.parse("2026-11-23T00:00:00+02:00");
const week = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from: 8 * 60, to: 11 * 60 }));

/** A clinic of one to three doctors, perhaps with rooms that are needed, with some of the time taken. */
function anyClinic(next: Next): LoadedQuestion {
  const minutes = [10, 15, 20][next(3)] ?? 20;
  const [bufferBefore, bufferAfter] = [next(2) * 5, next(3) * 5];
  const people = Array.from({ length: 1 + next(3) }, (_, i) => `doctor-${i}`);
  const rooms = Array.from({ length: next(3) }, (_, i) => `room-${i}`);
  const taken = new Map(people.map((id) => [id, anyBusy(next, id)]));
  const service: LoadedQuestion["service"] = {
    id: "service",
    name: "Check-up",
    minutes,
    bufferBefore,
    bufferAfter,
    intervalMinutes: [10, 15, 20][next(3)] ?? 20,
    noticeMinutes: 0,
    horizonDays: 30,
    priceCents: 0,
    practitionerIds: people,
    otherMinutes: [],
    alignment: (["clock", "opening", "packed"] as const)[next(3)] ?? "clock",
    alignmentOffset: 0,
    horizon: { days: 30 },
    seats: 1,
    limits: next(4) === 0 ? { perDay: { count: 6 } } : {},
    needsApproval: false,
    needs: rooms.length > 0 ? [{ id: "need", count: 1, of: rooms }] : [],
    asks: false,
    shareBuffers: false,
    peopleLimited: false,
    // a limit counts what anybody does of it
    counted: [...taken.values()].flat().filter((busy) => busy.service === "service"),
  };
  const availability: LoadedQuestion["availability"] = {
    version: "1",
    now: monday,
    horizon: "1",
    clinic: {
      name: "Acacia",
      slug: "acacia",
      zone,
      status: "live",
      phone: null,
      about: null,
      cancelUntilMinutes: 0,
      shareBuffers: next(3) === 0,
      holidayCountry: null,
    },
    practitioners: people.map((id, position) => ({
      id,
      name: id,
      position,
      address: null,
      rules: { weekly: week, overrides: [] },
      leave: [],
      busy: taken.get(id) ?? [],
      limits: {},
    })),
    resources: rooms.map((id) => ({ id, name: id, rules: null, leave: [], busy: anyBusy(next, id) })),
    closures: [],
    holidays: [],
    services: [service],
    stored: null,
  };
  return { availability, service, question: questionOf(availability, service, "any", {}) };
}

function anyBusy(next: Next, resource: string): Busy[] {
  return Array.from({ length: next(8) }, (_, i) => {
    const from = monday + next(3) * dayMs + (8 * 60 + next(18) * 10) * minuteMs;
    const service = next(2) === 0 ? "service" : "other";
    return { from, to: from + (1 + next(3)) * 10 * minuteMs, booking: `${resource} ${i}`, service };
  });
}

/** A time of the clinic's that a patient could be holding, or null where there is none. */
function anyHeld(next: Next, loaded: LoadedQuestion): Held | null {
  const { practitionerIds, minutes } = loaded.service;
  const practitionerId = practitionerIds[next(practitionerIds.length)] ?? "";
  const start = monday + next(3) * dayMs + (8 * 60 + next(36) * 5) * minuteMs;
  const alone = assignFamily(loaded, [{ start, practitionerId }], minutes);
  return alone && { start, practitionerId, minutes, bookingIds: [] };
}

/** Stretches blocked on one resource, buffers included unless neighbours share them. */
function blockedOn(loaded: LoadedQuestion, sets: NonNullable<ReturnType<typeof assignFamily>>) {
  const shared = loaded.availability.clinic.shareBuffers;
  return sets.flatMap(({ start, resources }) =>
    resources.map(({ id, minutes, bufferBefore, bufferAfter }) => ({
      id,
      from: start - (shared ? 0 : bufferBefore) * minuteMs,
      to: start + (minutes + (shared ? 0 : bufferAfter)) * minuteMs,
    })),
  );
}

function doubled(loaded: LoadedQuestion, sets: NonNullable<ReturnType<typeof assignFamily>>): number {
  const { practitioners, resources } = loaded.availability;
  const before = [...practitioners, ...resources].flatMap(({ id, busy }) =>
    busy.map(({ from, to }) => ({ id, from, to })),
  );
  const own = blockedOn(loaded, sets);
  let found = 0;
  for (const [index, a] of own.entries()) {
    for (const b of [...own.slice(index + 1), ...before]) if (a.id === b.id && a.from < b.to && b.from < a.to) found++;
  }
  return found;
}

const told = (visits: readonly FamilyVisit[]) =>
  JSON.stringify(visits.map((v) => [new Date(v.start), v.practitionerId]));

test("whatever a family is offered can be taken as it is offered, and takes nothing twice", () => {
  let [together, apart] = [0, 0];
  seeded("offered to a family, can be taken", 500, (next, run) => {
    const loaded = anyClinic(next);
    const held = anyHeld(next, loaded);
    if (!held) return;
    const people = 2 + next(3);
    const proposal = proposeFamily(loaded, held, people);
    if (proposal.together) {
      together++;
      const { start, practitionerId } = held;
      expect(proposal.together, told(proposal.together)).toContainEqual({ start, practitionerId });
    }
    apart += proposal.apart.length;
    for (const visits of [...(proposal.together ? [proposal.together] : []), ...proposal.apart]) {
      const name = `run ${run}: ${told(visits)}`;
      expect(visits.length, name).toBe(people);
      expect(new Set(visits.map(({ start }) => dayOf(start, zone))).size, name).toBe(1);
      const assigned = assignFamily(loaded, visits, held.minutes);
      const places = assigned?.map(({ start, practitionerId }) => ({ start, practitionerId }));
      expect(places, name).toEqual(visits);
      expect(doubled(loaded, assigned ?? []), name).toBe(0);
    }
  });
  // a generator that offers nothing would prove nothing
  expect(together).toBeGreaterThan(50);
  expect(apart).toBeGreaterThan(50);
});

describe("a family in a group session", () => {
  const loaded = anyClinic(numbers(1));
  const service = {
    ...loaded.service,
    seats: 4,
    needs: [],
    limits: {},
    alignment: "clock" as const,
    intervalMinutes: 10,
  };
  const [doctor] = loaded.availability.practitioners;
  if (!doctor) throw new Error("a clinic has a doctor");
  const start = monday + 2 * dayMs + 9 * 60 * minuteMs;
  const session: Busy = {
    from: start,
    to: start + service.minutes * minuteMs,
    booking: "session",
    service: "service",
    seats: { of: 4, taken: 2 },
  };
  const availability = { ...loaded.availability, practitioners: [{ ...doctor, busy: [session] }], services: [service] };
  const group = { ...loaded, availability, service: { ...service, practitionerIds: [doctor.id] } };
  const at = { start, practitionerId: doctor.id };

  test("is offered seats of one session where there are as many left", () => {
    const held = { ...at, minutes: service.minutes, bookingIds: [] };
    expect(proposeFamily(group, held, 2).together).toEqual([at, at]);
    const { together, apart } = proposeFamily(group, held, 3);
    expect(together).toBeNull();
    expect(apart.every((visits) => visits.length === 3 && new Set(visits.map((v) => v.start)).size === 1)).toBe(true);
  });

  test("may bring one more: the seats it has already are its own", () => {
    // two held, one of them the booking that is asked with, whose seat is read as if it were not there
    const held = { ...at, minutes: service.minutes, bookingIds: ["asked with", "other"] };
    expect(proposeFamily(group, held, 3).together).toEqual([at, at, at]);
    expect(proposeFamily(group, held, 4).together).toBeNull();
  });

  test("is not given more seats than are left", () => {
    expect(assignSeats(group, at, service.minutes, 2)?.map(({ id }) => id)).toEqual([doctor.id]);
    expect(assignSeats(group, at, service.minutes, 3)).toBeNull();
  });
});
