import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsFor } from "../testing/property.ts";
import { explain } from "./explain.ts";
import { findStarts, findTimes } from "./find-times.ts";
import { aroundHere, groupClinic, question, smallClinic, windowNear } from "./testing/arbitraries.ts";
import { isOffered, referenceTimes } from "./testing/reference.ts";

const MINUTE = 60_000;
const withWindow = (q: typeof question, hours?: number) =>
  q.chain((asked) => fc.tuple(fc.constant(asked), windowNear(asked.at, hours)));

describe("the engine", { timeout: 300_000 }, () => {
  it("agrees with the slow reference for one resource, everything switched on", () => {
    holdsFor(
      "engine = reference",
      fc.property(withWindow(question), ([q, window]) => {
        expect(findStarts(q, window)).toEqual(referenceTimes(q, window));
      }),
      250,
    );
  });

  it("finds the starts at which a complete assignment exists, as brute force does, in 1,000 small clinics", () => {
    holdsFor(
      "assignments = brute force",
      fc.property(withWindow(smallClinic, 5), ([q, window]) => {
        const offers = findTimes(q, window);
        expect(offers.map((o) => o.start)).toEqual(referenceTimes(q, window));
      }),
      1000,
    );
  });

  it("joins group sessions whole, as brute force does", () => {
    holdsFor(
      "sessions = brute force",
      fc.property(groupClinic, (q) => {
        const window = aroundHere(q.at);
        expect(findTimes(q, window).map((o) => o.start)).toEqual(referenceTimes(q, window));
      }),
      200,
    );
  });

  it("explains a time if and only if it is not offered", () => {
    holdsFor(
      "explain is empty iff offered",
      fc.property(
        fc
          .oneof(question, smallClinic, groupClinic)
          .chain((q) => fc.tuple(fc.constant(q), fc.array(fc.integer({ min: -900, max: 900 }), { maxLength: 12 }))),
        ([q, minutes]) => {
          const anywhere = minutes.map((m) => Math.round(q.at.base / MINUTE) * MINUTE + m * MINUTE);
          const sessions = q.resources.flatMap((r) => r.busy.flatMap((b) => (b.seats ? [b.from] : [])));
          for (const start of [...anywhere, ...sessions]) {
            const offered = findTimes(q, { from: start, to: start + 1 }).length === 1;
            expect(explain(q, start).length === 0).toBe(offered);
            expect(offered).toBe(isOffered(q, start));
          }
        },
      ),
      400,
    );
  });
});
