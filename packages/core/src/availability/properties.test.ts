import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { holdsFor } from "../testing/property.ts";
import { findStarts, findTimes } from "./find-times.ts";
import { needsOf, visitOf } from "./setting.ts";
import { type Place, question, service, smallClinic, windowNear } from "./testing/arbitraries.ts";
import type { Alignment, Question, ResourceCalendar } from "./types.ts";

const MINUTE = 60_000;
type Asked = Question & { at: Place };
const asked = (q: fc.Arbitrary<Asked>, hours?: number) =>
  q.chain((one) => fc.tuple(fc.constant(one), windowNear(one.at, hours)));

const fixedGrid = fc.oneof(
  fc.constant<Alignment>({ kind: "clock", offset: 5 }),
  fc.constant<Alignment>({ kind: "opening" }),
);
const onFixedGrid: fc.Arbitrary<Asked> = question.chain((q) =>
  service(q.at, fixedGrid).map((s) => ({ ...q, service: s })),
);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("for every clinic", { timeout: 300_000 }, () => {
  it("times never overlap occupancy, whatever was chosen", () => {
    holdsFor(
      "no overlap",
      fc.property(asked(smallClinic, 10), ([q, window]) => {
        const plain = { ...q, service: { ...q.service, seats: 1 }, seatsWanted: 1 };
        for (const { start, resources } of findTimes(plain, window)) {
          expect(new Set(resources).size).toBe(resources.length);
          let spot = 0;
          for (const need of needsOf(plain)) {
            const visit = visitOf(plain, need);
            for (let i = 0; i < need.count; i++) {
              const id = resources[spot++] as string;
              expect(need.of).toContain(id);
              const { busy } = plain.resources.find((r) => r.id === id) as ResourceCalendar;
              for (const b of busy.filter((one) => one.to > one.from)) {
                expect(start + visit.minutes * MINUTE <= b.from || start >= b.to).toBe(true);
              }
            }
          }
        }
      }),
      300,
    );
  });

  it("on a fixed grid, removing a booking never removes a time", () => {
    holdsFor(
      "removing frees",
      fc.property(asked(onFixedGrid), fc.nat(), ([q, window], pick) => {
        const before = findStarts(q, window);
        const [doctor] = q.resources as [ResourceCalendar];
        if (doctor.busy.length === 0) return;
        const busy = doctor.busy.filter((_, i) => i !== pick % doctor.busy.length);
        const after = new Set(findStarts({ ...q, resources: [{ ...doctor, busy }] }, window));
        expect(before.filter((start) => !after.has(start))).toEqual([]);
      }),
      400,
    );
  });

  it("the viewer's zone never changes the set", () => {
    holdsFor(
      "machine zone does not matter",
      fc.property(
        asked(question),
        fc.constantFrom("Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"),
        ([q, window], viewer) => {
          vi.stubEnv("TZ", "UTC");
          const here = findStarts(q, window);
          vi.stubEnv("TZ", viewer);
          expect(findStarts(q, window)).toEqual(here);
        },
      ),
      200,
    );
  });

  it("a window cut at any instant gives the union of its parts", () => {
    holdsFor(
      "cuts",
      fc.property(
        asked(fc.oneof(question, smallClinic)),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
        ([q, window], cuts) => {
          const length = window.to - window.from;
          // The shares are put in order, not the instants: a window that runs backwards has parts that do, and no times.
          const edges = [0, ...cuts, 1].sort((a, b) => a - b).map((share) => Math.round(window.from + share * length));
          const parts = edges.slice(1).flatMap((to, i) => findTimes(q, { from: edges[i] as number, to }));
          expect(parts).toEqual(findTimes(q, window));
        },
      ),
      400,
    );
  });

  it("the order in which busy time is told does not matter", () => {
    holdsFor(
      "order of busy time",
      fc.property(asked(question), ([q, window]) => {
        const [doctor] = q.resources as [ResourceCalendar];
        // of several rows of one booking the first counts, so names go
        const busy = doctor.busy.map((b) => ({ ...b, booking: undefined }));
        const turned = { ...q, resources: [{ ...doctor, busy: busy.toReversed() }] };
        expect(findStarts(turned, window)).toEqual(findStarts({ ...q, resources: [{ ...doctor, busy }] }, window));
      }),
      200,
    );
  });

  it("the list is ascending, without doubles, inside the window", () => {
    holdsFor(
      "shape of the answer",
      fc.property(asked(smallClinic), ([q, window]) => {
        const starts = findTimes(q, window).map((o) => o.start);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        expect(starts.every((s) => s >= window.from && s < window.to && s >= q.now)).toBe(true);
      }),
      200,
    );
  });
});
