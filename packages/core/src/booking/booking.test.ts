import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsFor } from "../testing/property.ts";
import { bookingRef } from "./booking-ref.ts";
import { canCancel, cancelUntil } from "./cancel.ts";
import { EXTENSION_MINUTES, extendHold, HOLD_MINUTES, holdUntil, MAX_EXTENSIONS } from "./hold.ts";
import { canReschedule, stateAfterMove, withoutBooking } from "./reschedule.ts";
import { takeSeats } from "./seats.ts";
import { decideSqueezeIn } from "./squeeze-in.ts";
import { type BookingState, bookingStates, bookingTransitions, canMove, isHoldExpired, occupies } from "./states.ts";
import { canMarkNoShow, ownClashes } from "./visit.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-11-24T10:00:00+02:00");

describe("a booking's states", () => {
  it("lead from a hold to a completed visit", () => {
    const path: BookingState[] = [
      "held",
      "awaiting_payment",
      "confirmed",
      "checked_in",
      "in_consultation",
      "completed",
    ];
    for (let i = 1; i < path.length; i++)
      expect(canMove(path[i - 1] as BookingState, path[i] as BookingState)).toBe(true);
  });

  it("end in completed, expired, cancelled, no_show or declined, and nowhere else", () => {
    const ends = bookingStates.filter((s) => bookingTransitions[s].length === 0);
    expect(ends.sort()).toEqual(["cancelled", "completed", "declined", "expired", "no_show"]);
  });

  it("a confirmed booking cannot expire, a hold cannot be a no-show, nothing comes back", () => {
    expect(canMove("confirmed", "expired")).toBe(false);
    expect(canMove("held", "no_show")).toBe(false);
    expect(canMove("cancelled", "confirmed")).toBe(false);
    expect(canMove("expired", "confirmed")).toBe(false);
    for (const s of bookingStates) expect(canMove(s, s)).toBe(false);
  });

  it("occupy while there is someone who will come, is here or was here", () => {
    const free = bookingStates.filter((s) => !occupies(s));
    expect(free.sort()).toEqual(["cancelled", "declined", "expired", "no_show"]);
  });

  it("a walk through the table never leaves it and always ends", () => {
    holdsFor(
      "walks end",
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (choices) => {
        let state: BookingState = "held";
        const seen: BookingState[] = [];
        for (const choice of choices) {
          const next: readonly BookingState[] = bookingTransitions[state];
          if (next.length === 0) break;
          seen.push(state);
          state = next[choice % next.length] as BookingState;
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(bookingTransitions[state]).toEqual([]);
      }),
    );
  });
});

describe("a hold", () => {
  it("lasts ten minutes, and is over at its last instant", () => {
    expect(holdUntil(START)).toBe(START + HOLD_MINUTES * MINUTE);
    expect(isHoldExpired({ holdExpiresAt: START }, START - 1)).toBe(false);
    expect(isHoldExpired({ holdExpiresAt: START }, START)).toBe(true);
    expect(isHoldExpired({ holdExpiresAt: null }, START)).toBe(false);
  });

  it("grows by five minutes a press, ten times, and never once it has run out", () => {
    let hold = { holdExpiresAt: holdUntil(START), presses: 0 };
    for (let press = 1; press <= MAX_EXTENSIONS; press++) {
      const more = extendHold(hold, START);
      expect(more).toEqual({
        ok: true,
        holdExpiresAt: hold.holdExpiresAt + EXTENSION_MINUTES * MINUTE,
        presses: press,
      });
      if (more.ok) hold = more;
    }
    expect(hold.holdExpiresAt).toBe(START + 60 * MINUTE);
    expect(extendHold(hold, START)).toEqual({ ok: false, why: "no_more_time" });
    expect(extendHold({ holdExpiresAt: START, presses: 0 }, START)).toEqual({ ok: false, why: "hold_expired" });
  });
});

describe("cancelling", () => {
  const policy = { cancelUntilMinutes: 120 };
  const confirmed = { state: "confirmed" as const, startsAt: START };

  it("is free up to and at the limit, too late after it", () => {
    expect(cancelUntil(START, policy)).toBe(START - 2 * HOUR);
    expect(canCancel(confirmed, policy, START - 2 * HOUR, "patient")).toEqual({ ok: true });
    expect(canCancel(confirmed, policy, START - 2 * HOUR + 1, "patient")).toEqual({
      ok: false,
      why: "too_late_to_cancel",
    });
  });

  it("a visit that the clinic moved can be refused until it begins", () => {
    const moved = { ...confirmed, movedByClinic: true };
    expect(cancelUntil(START, policy, true)).toBe(START);
    expect(canCancel(moved, policy, START, "patient")).toEqual({ ok: true });
    expect(canCancel(moved, policy, START + 1, "patient")).toEqual({ ok: false, why: "too_late_to_cancel" });
    const to = { startsAt: START + HOUR, resourceIds: [] };
    const asked = { now: START, by: "patient" } as const;
    expect(canReschedule({ ...moved, resourceIds: [], sequence: 1 }, to, policy, asked).ok).toBe(true);
    expect(canReschedule({ ...confirmed, resourceIds: [], sequence: 1 }, to, policy, asked).ok).toBe(false);
  });

  it("staff may at any time before the visit is in the room", () => {
    expect(canCancel(confirmed, policy, START + HOUR, "staff")).toEqual({ ok: true });
    expect(canCancel({ ...confirmed, state: "checked_in" }, policy, START, "staff")).toEqual({ ok: true });
    expect(canCancel({ ...confirmed, state: "in_consultation" }, policy, START, "staff")).toEqual({
      ok: false,
      why: "not_cancellable",
    });
  });

  it("what is no commitment yet can be given back at the last minute", () => {
    for (const state of ["held", "awaiting_payment", "requested"] as const) {
      expect(canCancel({ state, startsAt: START }, policy, START - MINUTE, "patient")).toEqual({ ok: true });
    }
  });

  it("what is over, or already here, a patient cannot cancel", () => {
    for (const state of ["completed", "expired", "cancelled", "no_show", "declined", "checked_in"] as const) {
      expect(canCancel({ state, startsAt: START }, policy, START - 9 * HOUR, "patient").ok).toBe(false);
    }
  });
});

describe("moving", () => {
  const policy = { cancelUntilMinutes: 120 };
  const booking = { state: "confirmed" as const, startsAt: START, resourceIds: ["a", "room"], sequence: 3 };
  const to = { startsAt: START + HOUR, resourceIds: ["a", "room"] };

  it("is one step that raises the calendar's number", () => {
    expect(canReschedule(booking, to, policy, { now: START - 3 * HOUR, by: "patient" })).toEqual({
      ok: true,
      sequence: 4,
    });
  });

  it("is bound like cancelling for patients, not for staff", () => {
    expect(canReschedule(booking, to, policy, { now: START - HOUR, by: "patient" })).toEqual({
      ok: false,
      why: "too_late_to_move",
    });
    expect(canReschedule(booking, to, policy, { now: START - HOUR, by: "staff" }).ok).toBe(true);
    expect(canReschedule({ ...booking, state: "held" }, to, policy, { now: START - HOUR, by: "patient" }).ok).toBe(
      true,
    );
  });

  it("needs another time or another team, and a booking that still stands", () => {
    const same = { startsAt: START, resourceIds: ["room", "a"] };
    expect(canReschedule(booking, same, policy, { now: 0, by: "staff" })).toEqual({ ok: false, why: "same_time" });
    expect(canReschedule(booking, { ...same, resourceIds: ["b", "room"] }, policy, { now: 0, by: "staff" }).ok).toBe(
      true,
    );
    expect(canReschedule({ ...booking, state: "completed" }, to, policy, { now: 0, by: "staff" })).toEqual({
      ok: false,
      why: "not_movable",
    });
  });

  it("asks again where the clinic approves by hand, unless the clinic moved it", () => {
    const approved = { state: "confirmed", needsApproval: true } as const;
    expect(stateAfterMove(approved, "patient")).toBe("requested");
    expect(stateAfterMove(approved, "staff")).toBe("confirmed");
    expect(stateAfterMove({ ...approved, needsApproval: false }, "patient")).toBe("confirmed");
    expect(stateAfterMove({ ...approved, state: "requested" }, "staff")).toBe("requested");
    expect(stateAfterMove({ ...approved, state: "held" }, "patient")).toBe("held");
  });

  it("a booking never stands in its own way", () => {
    const busy = [
      { from: 0, to: 1, booking: "mine" },
      { from: 0, to: 1, booking: "other" },
      { from: 2, to: 3 },
    ];
    const question = {
      zone: "UTC",
      now: 0,
      service: { minutes: 1, intervalMinutes: 1 },
      resources: [{ id: "a", rules: null, busy, leave: [] }],
    };
    expect(withoutBooking(question, "mine").resources[0]?.busy).toHaveLength(2);
  });
});

describe("capacity above one", () => {
  it("gives numbered seats, lowest first, all or none", () => {
    expect(takeSeats({ capacity: 4, taken: [1, 3] })).toEqual({ ok: true, seats: [2] });
    expect(takeSeats({ capacity: 4, taken: [1, 3] }, 2)).toEqual({ ok: true, seats: [2, 4] });
    expect(takeSeats({ capacity: 4, taken: [1, 3] }, 3)).toEqual({ ok: false, why: "session_full" });
  });

  it("never gives a seat twice or one too many", () => {
    holdsFor(
      "seats",
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.integer({ min: 1, max: 4 })), (capacity, wishes) => {
        const taken: number[] = [];
        for (const wish of wishes) {
          const verdict = takeSeats({ capacity, taken }, wish);
          expect(verdict.ok).toBe(taken.length + wish <= capacity);
          if (verdict.ok) taken.push(...verdict.seats);
        }
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.every((seat) => seat >= 1 && seat <= capacity)).toBe(true);
      }),
    );
  });
});

describe("overbooking", () => {
  const asked = {
    permitted: true,
    reason: "came in bleeding",
    blocks: [{ why: "busy" as const }],
    squeezedThatDay: 0,
    capPerDay: 2,
  };

  it("is by permission, with a reason, capped", () => {
    expect(decideSqueezeIn(asked)).toEqual({ ok: true, over: ["busy"], squeezeIn: true });
    expect(decideSqueezeIn({ ...asked, permitted: false })).toEqual({ ok: false, why: "not_permitted" });
    expect(decideSqueezeIn({ ...asked, reason: " x " })).toEqual({ ok: false, why: "reason_needed" });
    expect(decideSqueezeIn({ ...asked, squeezedThatDay: 2 })).toEqual({ ok: false, why: "cap_reached" });
  });

  it("setting aside notice or leave overlaps nobody and is not counted", () => {
    const blocks = [{ why: "notice" as const }, { why: "leave" as const }, { why: "leave" as const }];
    expect(decideSqueezeIn({ ...asked, blocks, squeezedThatDay: 9 })).toEqual({
      ok: true,
      over: ["notice", "leave"],
      squeezeIn: false,
    });
  });

  it("cannot reach into the past, and a free time needs none", () => {
    expect(decideSqueezeIn({ ...asked, blocks: [{ why: "past" }] })).toEqual({ ok: false, why: "in_the_past" });
    expect(decideSqueezeIn({ ...asked, blocks: [] })).toEqual({ ok: false, why: "not_blocked" });
  });
});

describe("a visit", () => {
  it("is a no-show only once its time has begun", () => {
    expect(canMarkNoShow({ state: "confirmed", startsAt: START }, START - 1)).toBe(false);
    expect(canMarkNoShow({ state: "confirmed", startsAt: START }, START)).toBe(true);
    expect(canMarkNoShow({ state: "checked_in", startsAt: START }, START)).toBe(false);
  });

  it("warns of a patient's own double booking, not of one that touches", () => {
    const own = [
      { from: 0, to: 10, id: "a" },
      { from: 20, to: 30, id: "b" },
    ];
    expect(ownClashes(own, { from: 10, to: 20 })).toEqual([]);
    expect(ownClashes(own, { from: 9, to: 21 }).map((b) => b.id)).toEqual(["a", "b"]);
  });
});

describe("the short reference", () => {
  it("is four characters without look-alikes", () => {
    holdsFor(
      "references",
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 16 }), (bytes) => {
        expect(bookingRef(bytes)).toMatch(/^[2-9ACDEFGHJKMNPQRTVWXY]{4}$/);
      }),
    );
    expect(() => bookingRef(new Uint8Array(3))).toThrow(RangeError);
  });

  it("spreads over what there is", () => {
    const refs = new Set<string>();
    for (let i = 0; i < 20_000; i++) refs.add(bookingRef(new Uint8Array([i >> 8, i, i * 7, i * 13, i >> 3])));
    expect(refs.size).toBeGreaterThan(15_000);
  });
});
