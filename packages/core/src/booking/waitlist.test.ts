import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsFor } from "../testing/property.ts";
import { fits, type Gap, nextOffer, type OfferEvent, type WaitlistEntry, waitlistOrder } from "./waitlist.ts";

const ZONE = "Africa/Johannesburg";
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const FROM = Date.parse("2026-11-24T14:00:00+02:00");
const gap: Gap = { id: "g", practitionerId: "mokoena", from: FROM, to: FROM + 30 * MINUTE, serviceIds: ["check"] };
const waiting = (over: Partial<WaitlistEntry>): WaitlistEntry => ({
  id: "a",
  serviceId: "check",
  minutes: 20,
  urgency: 1,
  since: FROM - 5 * DAY,
  practitionerIds: [],
  canCome: [],
  ...over,
});
const order = (entries: WaitlistEntry[]) => waitlistOrder(entries, gap, ZONE, FROM).map((r) => r.entry.id);

describe("the waitlist", () => {
  it("offers only what fits: service, length, practitioner, and when they can come", () => {
    expect(fits(waiting({}), gap, ZONE)).toBe(true);
    expect(fits(waiting({ minutes: 30 }), gap, ZONE)).toBe(true);
    expect(fits(waiting({ minutes: 31 }), gap, ZONE)).toBe(false);
    expect(fits(waiting({ serviceId: "scan" }), gap, ZONE)).toBe(false);
    expect(fits(waiting({ practitionerIds: ["naidoo"] }), gap, ZONE)).toBe(false);
    expect(fits(waiting({ practitionerIds: ["naidoo", "mokoena"] }), gap, ZONE)).toBe(true);
    expect(fits(waiting({ canCome: [{ weekday: 2, from: 840, to: 860 }] }), gap, ZONE)).toBe(true);
    expect(fits(waiting({ canCome: [{ weekday: 2, from: 840, to: 859 }] }), gap, ZONE)).toBe(false);
    expect(fits(waiting({ canCome: [{ weekday: 3, from: 0, to: 1440 }] }), gap, ZONE)).toBe(false);
    expect(fits(waiting({ canCome: [{ weekday: 1, from: 1200, to: 900 }] }), gap, ZONE)).toBe(true);
    expect(fits(waiting({ notBefore: FROM + 1 }), gap, ZONE)).toBe(false);
    expect(fits(waiting({ notAfter: FROM - 1 }), gap, ZONE)).toBe(false);
  });

  it("goes by urgency, then days waited, then fit, then who asked first", () => {
    const entries = [
      waiting({ id: "late", since: FROM - 5 * DAY + 1000 }),
      waiting({ id: "early", since: FROM - 5 * DAY }),
      waiting({ id: "exact", minutes: 30, since: FROM - 5 * DAY + 2000 }),
      waiting({ id: "old", since: FROM - 9 * DAY }),
      waiting({ id: "urgent", urgency: 3, since: FROM - 1000 }),
      waiting({ id: "unfit", urgency: 3, minutes: 60 }),
    ];
    // late and exact have waited four whole days, early five
    expect(order(entries)).toEqual(["urgent", "old", "early", "exact", "late"]);
    expect(order([waiting({ id: "b" }), waiting({ id: "a" })])).toEqual(["a", "b"]);
  });

  it("has an order that does not depend on the order of the rows", () => {
    const entry = fc.record({
      id: fc.uuid(),
      minutes: fc.integer({ min: 10, max: 40 }),
      urgency: fc.constantFrom<0 | 1 | 2 | 3>(0, 1, 2, 3),
      since: fc.integer({ min: 0, max: 20 }).map((d) => FROM - d * DAY),
    });
    holdsFor(
      "waitlist order is one order",
      fc.property(fc.uniqueArray(entry, { selector: (e) => e.id }), (entries) => {
        const rows = entries.map(waiting);
        expect(order(rows.toReversed())).toEqual(order(rows));
      }),
    );
  });

  it("makes one offer at a time and moves on when it is declined or runs out", () => {
    const ranked = waitlistOrder([waiting({ id: "a" }), waiting({ id: "b" }), waiting({ id: "c" })], gap, ZONE, FROM);
    const log: OfferEvent[] = [];
    const next = (now: number) => nextOffer(ranked, gap, log, now);
    expect(next(0)).toMatchObject({ do: "offer", ranked: { entry: { id: "a" } } });
    log.push({ gapId: "g", entryId: "a", kind: "offered", at: 0, expiresAt: 100 });
    expect(next(99)).toEqual({ do: "wait", entryId: "a", until: 100 });
    expect(next(100)).toEqual({ do: "expire", entryId: "a" });
    log.push({ gapId: "g", entryId: "a", kind: "expired", at: 100 });
    log.push({ gapId: "other", entryId: "b", kind: "accepted", at: 100 });
    expect(next(100)).toMatchObject({ do: "offer", ranked: { entry: { id: "b" } } });
    log.push({ gapId: "g", entryId: "b", kind: "offered", at: 100, expiresAt: 200 });
    log.push({ gapId: "g", entryId: "b", kind: "declined", at: 150 });
    log.push({ gapId: "g", entryId: "c", kind: "offered", at: 150, expiresAt: 250 });
    log.push({ gapId: "g", entryId: "c", kind: "expired", at: 250 });
    expect(next(300)).toEqual({ do: "nothing", why: "nobody_left" });
  });

  it("replays: driven by its own answers it offers in order, one live offer at any instant", () => {
    holdsFor(
      "waitlist replays",
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.array(fc.constantFrom("declined", "expired", "accepted"), { minLength: 6, maxLength: 6 }),
        (people, answers) => {
          const ranked = waitlistOrder(
            Array.from({ length: people }, (_, i) => waiting({ id: `p${i}` })),
            gap,
            ZONE,
            FROM,
          );
          const log: OfferEvent[] = [];
          const offered: string[] = [];
          for (let now = 0; now < 100; now++) {
            // a fresh look at the log, as after a restart
            const step = nextOffer(ranked, gap, [...log], now);
            if (step.do === "nothing") break;
            if (step.do === "offer") {
              offered.push(step.ranked.entry.id);
              log.push({ gapId: "g", entryId: step.ranked.entry.id, kind: "offered", at: now, expiresAt: now + 2 });
            } else {
              const kind = step.do === "expire" ? "expired" : answers[offered.length - 1];
              if (kind === "declined" || kind === "accepted" || step.do === "expire") {
                log.push({ gapId: "g", entryId: step.entryId, kind: kind ?? "expired", at: now });
              }
            }
          }
          expect(offered).toEqual(ranked.slice(0, offered.length).map((r) => r.entry.id));
          const won = answers.indexOf("accepted");
          const last = nextOffer(ranked, gap, log, 1000);
          expect(last).toEqual({ do: "nothing", why: won >= 0 && won < people ? "taken" : "nobody_left" });
        },
      ),
    );
  });
});
