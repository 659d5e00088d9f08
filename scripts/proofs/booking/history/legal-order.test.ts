import { describe, expect, it } from "vitest";
import { seeded } from "../../harness.ts";
import { legalOrder, type Operation } from "./legal-order.ts";
import { type Did, type Done, emptyDay, keyOf, operationOf } from "./registers.ts";

const slot = { from: 0, to: 4 };
const take = (who: string, end: "ok" | "taken" | "unknown", cells = slot): Did => ({
  what: "take",
  who,
  cells,
  as: "booked",
  end,
});
const look = (...offered: number[]): Did => ({
  what: "look",
  kinds: [slot, { from: 4, to: 8 }],
  offered: new Set(offered),
  end: "ok",
});
const at = (invoked: number, returned: number, did: Did): Done => ({ did, invoked, returned });

function isLegal(...history: Done[]): boolean | null {
  return legalOrder(history.map(operationOf), { start: emptyDay(8), key: keyOf }).legal;
}

describe("a history of one practitioner's day", () => {
  it("is legal where two wanted one time and one was refused", () => {
    expect(isLegal(at(1, 4, take("a", "ok")), at(2, 3, take("b", "taken")))).toBe(true);
  });

  it("is not where both were told yes", () => {
    expect(isLegal(at(1, 4, take("a", "ok")), at(2, 3, take("b", "ok")))).toBe(false);
  });

  it("is not where somebody was refused a time that nobody had yet", () => {
    expect(isLegal(at(1, 2, take("a", "taken")), at(3, 4, take("b", "ok")))).toBe(false);
  });

  it("is not where a page shows a time as free after it was booked", () => {
    expect(isLegal(at(1, 2, take("a", "ok")), at(3, 4, look(0, 1)))).toBe(false);
    expect(isLegal(at(1, 4, take("a", "ok")), at(2, 3, look(0, 1)))).toBe(true);
  });

  it("takes what nobody was told of both ways: it happened, or it did not", () => {
    const silence = at(1, 2, take("a", "unknown"));
    expect(isLegal(silence, at(3, 4, take("b", "ok")))).toBe(true);
    expect(isLegal(silence, at(3, 4, take("b", "taken")))).toBe(true);
    expect(isLegal(silence, at(3, 4, take("b", "taken")), at(5, 6, look(0, 1)))).toBe(false);
    expect(isLegal(silence, at(3, 4, look(0, 1)), at(5, 6, look(1)))).toBe(true);
  });

  it("nothing happens before it is asked for", () => {
    expect(isLegal(at(1, 2, look(1)), at(3, 4, take("a", "unknown")))).toBe(false);
  });

  it("a time given back can be had by another, and not before", () => {
    const gone = (from: number, to: number) => at(from, to, { what: "cancel", who: "a", end: "ok" });
    expect(isLegal(at(1, 2, take("a", "ok")), gone(3, 6), at(4, 5, take("b", "ok")))).toBe(true);
    expect(isLegal(at(1, 2, take("a", "ok")), at(3, 4, take("b", "ok")), gone(5, 6))).toBe(false);
  });

  it("a hold is confirmed once, and not after it was given back", () => {
    const held = at(1, 2, { ...take("a", "ok"), as: "held" } as Did);
    const confirm = (from: number, to: number, end: "ok" | "gone" | "already") =>
      at(from, to, { what: "confirm", who: "a", end });
    const back = at(5, 6, { what: "release", who: "a", end: "ok" });
    expect(isLegal(held, confirm(3, 4, "ok"), confirm(5, 6, "already"))).toBe(true);
    expect(isLegal(held, confirm(3, 4, "ok"), confirm(5, 6, "ok"))).toBe(false);
    expect(isLegal(held, back, confirm(7, 8, "ok"))).toBe(false);
    expect(isLegal(held, back, confirm(7, 8, "gone"))).toBe(true);
    expect(isLegal(held, confirm(3, 4, "ok"), back)).toBe(false);
  });

  it("a hold that ran out keeps nobody out, and may be given back for nothing", () => {
    const held = at(1, 2, { ...take("a", "ok"), as: "held" } as Did);
    const lapsed = at(3, 4, { what: "lapse", who: "a", end: "ok" });
    const other = at(5, 6, take("b", "ok"));
    expect(isLegal(held, other)).toBe(false);
    expect(isLegal(held, lapsed, other, at(7, 8, { what: "cancel", who: "a", end: "ok" }), at(9, 10, look(1)))).toBe(
      true,
    );
    expect(isLegal(held, lapsed, at(7, 8, { what: "confirm", who: "a", end: "ok" }))).toBe(false);
  });

  it("a move takes the new time and leaves the old one in one step", () => {
    const other = { from: 4, to: 8 };
    const moved = at(3, 4, { what: "move", who: "a", cells: other, end: "ok" });
    expect(isLegal(at(1, 2, take("a", "ok")), moved, at(5, 6, look(0)))).toBe(true);
    expect(isLegal(at(1, 2, take("a", "ok")), moved, at(5, 6, look()))).toBe(false);
    // into a time that overlaps its own
    const near = at(3, 4, { what: "move", who: "a", cells: { from: 2, to: 6 }, end: "ok" });
    expect(isLegal(at(1, 2, take("a", "ok")), near, at(5, 6, look()))).toBe(true);
  });

  it("agrees with trying every order, on small random histories", () => {
    const seed = Date.now() % 1_000_000;
    const random = seeded(seed);
    let legal = 0;
    for (let turn = 0; turn < 600; turn += 1) {
      const operations = randomHistory(random).map(operationOf);
      const found = legalOrder(operations, { start: emptyDay(8), key: keyOf }).legal;
      expect(found, `seed ${seed}, turn ${turn}: ${operations.map(({ say }) => say).join("\n")}`).toBe(
        tryAll(operations, emptyDay(8), new Set()),
      );
      if (found) legal += 1;
    }
    expect(legal).toBeGreaterThan(30);
    expect(legal).toBeLessThan(570);
  });

  it("says that it gave up rather than that all is well", () => {
    const many = Array.from({ length: 12 }, (_, index) => at(index, 100, take(`p${index}`, "unknown")));
    const history = [...many, at(101, 102, look(0, 1)), at(103, 104, look(1)), at(105, 106, look(0, 1))];
    expect(legalOrder(history.map(operationOf), { start: emptyDay(8), key: keyOf, most: 5 }).legal).toBe(null);
  });
});

function randomHistory(random: ReturnType<typeof seeded>): Done[] {
  const names = ["a", "b", "c"];
  const count = 2 + random.int(4);
  return Array.from({ length: count }, () => {
    const who = random.pick(names);
    const cells = random.pick([slot, { from: 4, to: 8 }, { from: 2, to: 6 }]);
    const did = random.pick<Did>([
      take(who, random.pick(["ok", "taken", "unknown"]), cells),
      { ...take(who, random.pick(["ok", "taken"]), cells), as: "held" } as Did,
      { what: "cancel", who, end: random.pick(["ok", "gone", "unknown"]) },
      { what: "confirm", who, end: random.pick(["ok", "gone", "already", "unknown"]) },
      { what: "move", who, cells, end: random.pick(["ok", "taken", "gone", "unknown"]) },
      look(...[0, 1].filter(() => random.next() < 0.5)),
    ]);
    const invoked = random.int(12);
    return { did, invoked, returned: invoked + 1 + random.int(6) };
  });
}

/** The obvious way: put any that may come next, and start over with the rest. */
function tryAll<State>(operations: Operation<State>[], state: State, done: ReadonlySet<number>): boolean {
  const left = operations.map((_, index) => index).filter((index) => !done.has(index));
  const owed = left.filter((index) => operations[index]?.returned !== Infinity);
  if (owed.length === 0) return true;
  return left.some((index) => {
    const operation = operations[index];
    if (!operation) return false;
    if (owed.some((other) => (operations[other]?.returned ?? 0) <= operation.invoked && other !== index)) return false;
    const after = operation.step(state);
    return after !== null && tryAll(operations, after, new Set([...done, index]));
  });
}
