import fc from "fast-check";
import type {
  Alignment,
  Busy,
  DayWindow,
  Horizon,
  Limits,
  Question,
  ResourceCalendar,
  Rules,
  ServiceSpec,
  Span,
  Timetable,
} from "../types.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Zones and an instant near one of their clock changes (or a plain day). */
const places: { zone: string; near: string }[] = [
  { zone: "Africa/Johannesburg", near: "2026-11-24T06:00:00Z" },
  { zone: "America/New_York", near: "2026-03-08T07:00:00Z" },
  { zone: "America/New_York", near: "2026-11-01T06:00:00Z" },
  { zone: "Europe/London", near: "2026-10-25T01:00:00Z" },
  { zone: "Australia/Lord_Howe", near: "2026-04-04T15:00:00Z" },
  { zone: "Africa/Cairo", near: "2026-04-23T22:00:00Z" },
  { zone: "Africa/Cairo", near: "2026-10-29T21:00:00Z" },
  { zone: "America/Havana", near: "2026-11-01T05:00:00Z" },
  { zone: "Asia/Kathmandu", near: "2028-02-28T18:15:00Z" },
];

export type Place = { zone: string; base: number };

export const place: fc.Arbitrary<Place> = fc
  .record({ at: fc.constantFrom(...places), days: fc.integer({ min: -2, max: 1 }) })
  .map(({ at, days }) => ({ zone: at.zone, base: Date.parse(at.near) + days * DAY }));

const step = (min: number, max: number, unit = 5) =>
  fc.integer({ min: min / unit, max: max / unit }).map((n) => n * unit);

export const dayWindow: fc.Arbitrary<DayWindow> = fc.record({ from: step(0, 1435), to: step(0, 1440) });

const weekly = fc.array(
  fc
    .tuple(fc.constantFrom<1 | 2 | 3 | 4 | 5 | 6 | 7>(1, 2, 3, 4, 5, 6, 7), dayWindow)
    .map(([weekday, w]) => ({ weekday, ...w })),
  { minLength: 6, maxLength: 18 },
);

const dateNear = ({ base }: Place) =>
  fc.integer({ min: -2, max: 3 }).map((d) => new Date(base + d * DAY).toISOString().slice(0, 10));

export const spanNear = ({ base }: Place, longest = 4 * 60): fc.Arbitrary<Span> =>
  fc
    .tuple(
      fc.integer({ min: -18 * 60, max: 30 * 60 }),
      fc.integer({ min: 0, max: longest }),
      fc.constantFrom(0, 0, 0, 30_000),
    )
    .map(([from, length, odd]) => ({ from: base + from * MINUTE + odd, to: base + (from + length) * MINUTE + odd }));

const timetable = (p: Place): fc.Arbitrary<Timetable> =>
  fc.record({ from: fc.option(dateNear(p)), until: fc.option(dateNear(p)), weekly });

export const rules = (p: Place): fc.Arbitrary<Rules> =>
  fc.record({
    weekly,
    overrides: fc.uniqueArray(fc.record({ date: dateNear(p), windows: fc.array(dayWindow, { maxLength: 2 }) }), {
      maxLength: 2,
      selector: (o) => o.date,
    }),
    timetables: fc.option(fc.array(timetable(p), { maxLength: 2 }), { nil: undefined }),
  });

export const busyNear = (p: Place): fc.Arbitrary<Busy> =>
  fc
    .tuple(
      spanNear(p, 90),
      fc.constantFrom(0, 0, 10, 25),
      fc.constantFrom(0, 0, 5, 20),
      fc.record({
        counts: fc.constantFrom(undefined, true, false),
        booking: fc.constantFrom(undefined, "a", "b"),
        service: fc.constantFrom(undefined, "s", "other"),
      }),
    )
    .map(([span, before, after, rest]) => ({ ...span, before, after, ...rest }));

const limits: fc.Arbitrary<Limits | undefined> = fc.option(
  fc.record({
    perDay: fc.option(fc.record({ count: fc.integer({ min: 1, max: 5 }) }), { nil: undefined }),
    perWeek: fc.option(fc.record({ minutes: step(60, 400) }), { nil: undefined }),
  }),
  { nil: undefined, freq: 1 },
);

const alignment: fc.Arbitrary<Alignment | undefined> = fc.oneof(
  fc.constant(undefined),
  step(0, 40).map((offset): Alignment => ({ kind: "clock", offset })),
  fc.constant<Alignment>({ kind: "opening" }),
  fc.constant<Alignment>({ kind: "packed" }),
);

const horizon = (p: Place): fc.Arbitrary<Horizon | undefined> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    fc.record({ days: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ workingDays: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ from: dateNear(p), to: dateNear(p) }),
  );

export const service = (p: Place, kinds = alignment): fc.Arbitrary<ServiceSpec> =>
  fc.record({
    id: fc.constant("s"),
    minutes: step(5, 90),
    bufferBefore: fc.constantFrom(0, 0, 10, 15),
    bufferAfter: fc.constantFrom(0, 0, 5, 30),
    intervalMinutes: fc.constantFrom(5, 10, 15, 20, 25, 45, 60, 90),
    alignment: kinds,
    noticeMinutes: fc.constantFrom(0, 0, 0, 30, 120, 600),
    horizon: horizon(p),
    limits,
  });

export const resource = (p: Place, id: string, alwaysThere = false, mostBusy = 6): fc.Arbitrary<ResourceCalendar> =>
  fc.record({
    id: fc.constant(id),
    rules: alwaysThere ? fc.oneof(fc.constant(null), rules(p)) : rules(p),
    busy: fc.array(busyNear(p), { maxLength: mostBusy }),
    leave: fc.array(spanNear(p), { maxLength: 1 }),
    limits,
  });

/** Sessions of the service, some with seats left, placed where the grid is likely to meet them. */
export const session = (p: Place, minutes: number, hours = 14): fc.Arbitrary<Busy> =>
  fc
    .tuple(
      step(-hours * 60, hours * 60),
      fc.constantFrom(minutes, minutes, minutes + 10),
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(undefined, "x", "y"),
    )
    .map(([from, length, taken, booking]) => {
      const start = Math.round(p.base / (5 * MINUTE)) * 5 * MINUTE + from * MINUTE;
      return { from: start, to: start + length * MINUTE, service: "s", booking, seats: { of: 4, taken } };
    });

/** A whole question about one resource, everything switched on. */
export const question: fc.Arbitrary<Question & { at: Place }> = place.chain((p) =>
  fc.record({
    at: fc.constant(p),
    zone: fc.constant(p.zone),
    now: fc.integer({ min: -40 * 60, max: 4 * 60 }).map((m) => p.base + m * MINUTE + (m % 3 === 0 ? 12_345 : 0)),
    service: service(p),
    resources: resource(p, "r").map((r) => [r]),
    holidays: fc.array(dateNear(p), { maxLength: 1 }),
    closures: fc.array(spanNear(p), { maxLength: 1 }),
    shareBuffers: fc.boolean(),
  }),
);

/** A window around the place's instant. */
export const windowNear = ({ base }: Place, hours = 20): fc.Arbitrary<Span> =>
  fc
    .tuple(fc.integer({ min: -12 * 60, max: 12 * 60 }), fc.integer({ min: 0, max: hours * 60 }))
    .map(([from, length]) => ({ from: base + from * MINUTE + (from % 7) * 1000, to: base + (from + length) * MINUTE }));

/** Two or three needs over up to six resources, some of them in two groups, some always there, some group sessions. */
export const smallClinic: fc.Arbitrary<Question & { at: Place }> = question.chain((q) => {
  const ids = ["n1", "n2", "n3", "d1", "d2", "room"];
  const group = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 4 });
  const need = fc.record({
    count: fc.constantFrom(1, 1, 2),
    of: group,
    leads: fc.constantFrom(undefined, undefined, true, false),
    minutes: fc.constantFrom(undefined, undefined, 30),
    bufferAfter: fc.constantFrom(undefined, undefined, 10),
  });
  return fc.record({
    at: fc.constant(q.at),
    zone: fc.constant(q.zone),
    now: fc.constant(q.now),
    service: fc
      .tuple(fc.constant(q.service), fc.constantFrom(1, 1, 4))
      .map(([s, seats]) => ({ ...s, seats, horizon: undefined, minutes: Math.min(s.minutes, 45) })),
    resources: fc.tuple(
      ...ids.map((id) =>
        fc
          .tuple(resource(q.at, id, true, 2), fc.array(session(q.at, q.service.minutes), { maxLength: 2 }))
          .map(([r, sessions]) => ({ ...r, busy: [...r.busy, ...sessions] })),
      ),
    ),
    needs: fc.oneof(fc.tuple(need), fc.tuple(need, need), fc.tuple(need, need, need)),
    holidays: fc.constant(q.holidays ?? []),
    closures: fc.constant(q.closures ?? []),
    shareBuffers: fc.constant(q.shareBuffers ?? false),
    seatsWanted: fc.constantFrom(1, 1, 2),
  });
});

/** Small clinics that live on group sessions: sessions that hold several resources at once, most with a seat left. */
export const groupClinic: fc.Arbitrary<Question & { at: Place }> = smallClinic.chain((q) => {
  const pool = fc.array(session(q.at, q.service.minutes, 2), { minLength: 5, maxLength: 5 });
  const picks = fc.array(fc.subarray([0, 1, 2, 3, 4]), {
    minLength: q.resources.length,
    maxLength: q.resources.length,
  });
  return fc.tuple(pool, picks, fc.boolean()).map(([sessions, picked, limited]) => ({
    ...q,
    now: q.at.base - 24 * HOUR,
    service: {
      ...q.service,
      seats: 4,
      intervalMinutes: 5,
      horizon: undefined,
      limits: limited ? q.service.limits : undefined,
    },
    needs: (q.needs ?? []).slice(0, 2).map((need) => ({ ...need, minutes: undefined })),
    resources: q.resources.map((r, i) => ({
      ...r,
      rules: i % 2 === 0 ? null : r.rules,
      busy: [
        ...r.busy.slice(0, 1),
        ...(picked[i] ?? []).map((n) => ({ ...(sessions[n] as Busy), booking: `session ${n}` })),
      ],
    })),
  }));
});

/** Two hours either side of the place's instant. */
export const aroundHere = ({ base }: Place): Span => ({ from: base - 2 * HOUR, to: base + 2 * HOUR });
