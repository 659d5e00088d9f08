import type { Operation } from "./legal-order.ts";

/** One register for each five minutes of a practitioner's day: who has it. Immutable; "" is nobody. */
export type Registers = {
  cells: readonly string[];
  /** who has time that is not confirmed yet */
  held: readonly string[];
  /** whose hold ran out: they have nothing any more, and may still be thanked for giving it back */
  lapsed: readonly string[];
};

/** Which registers a visit needs, first and one past the last. */
export type Cells = { from: number; to: number };

/** What somebody did with a day, and how it was answered. `who` is a name for the booking, the same wherever it is meant. */
export type Did =
  | { what: "take"; who: string; cells: Cells; as: "held" | "booked"; end: "ok" | "taken" | "unknown" }
  | { what: "confirm"; who: string; end: "ok" | "gone" | "already" | "unknown" }
  | { what: "release"; who: string; end: "ok" | "nothing" | "unknown" }
  | { what: "lapse"; who: string; end: "ok" }
  | { what: "cancel"; who: string; end: "ok" | "gone" | "unknown" }
  | { what: "move"; who: string; cells: Cells; end: "ok" | "taken" | "gone" | "unknown" }
  /** the visits of one kind that a page offered, each by the registers it would need */
  | { what: "look"; kinds: readonly Cells[]; offered: ReadonlySet<number>; end: "ok" };

export type Done = { did: Did; invoked: number; returned: number };

export const emptyDay = (cells: number): Registers => ({
  cells: Array.from({ length: cells }, () => ""),
  held: [],
  lapsed: [],
});

export const keyOf = ({ cells, held, lapsed }: Registers): string =>
  `${cells.join(",")};${held.join(",")};${lapsed.join(",")}`;

/** The same thing as an operation that can be put in an order. */
export function operationOf({ did, invoked, returned }: Done): Operation<Registers> {
  const say = JSON.stringify({ ...did, ...(did.what === "look" && { kinds: undefined, offered: [...did.offered] }) });
  return { invoked, returned: did.end === "unknown" ? Infinity : returned, say, step: (state) => step(state, did) };
}

const isFree = (state: Registers, { from, to }: Cells, but = ""): boolean => {
  for (let cell = from; cell < to; cell += 1) {
    const who = state.cells[cell];
    if (who !== "" && who !== but) return false;
  }
  return true;
};

const has = (state: Registers, who: string): boolean => state.cells.includes(who);

function write(state: Registers, { from, to }: Cells, who: string): Registers {
  return { ...state, cells: state.cells.map((before, cell) => (cell >= from && cell < to ? who : before)) };
}

function without(state: Registers, who: string): Registers {
  return {
    cells: state.cells.map((before) => (before === who ? "" : before)),
    held: state.held.filter((one) => one !== who),
    lapsed: state.lapsed.filter((one) => one !== who),
  };
}

function step(state: Registers, did: Did): Registers | null {
  switch (did.what) {
    case "take": {
      const free = isFree(state, did.cells);
      if (did.end === "taken") return free ? null : state;
      if (!free) return null;
      const after = write(state, did.cells, did.who);
      return did.as === "held" ? { ...after, held: [...state.held, did.who].sort() } : after;
    }
    case "confirm": {
      const held = state.held.includes(did.who);
      if (did.end === "gone") return has(state, did.who) ? null : state;
      if (did.end === "already") return has(state, did.who) && !held ? state : null;
      return held ? { ...state, held: state.held.filter((one) => one !== did.who) } : null;
    }
    case "release": {
      const held = state.held.includes(did.who);
      if (did.end === "nothing") return held ? null : state;
      return held || state.lapsed.includes(did.who) ? without(state, did.who) : null;
    }
    case "lapse": {
      if (!state.held.includes(did.who)) return state;
      return { ...without(state, did.who), lapsed: [...state.lapsed, did.who].sort() };
    }
    case "cancel":
      if (did.end === "gone") return has(state, did.who) ? null : state;
      return has(state, did.who) || state.lapsed.includes(did.who) ? without(state, did.who) : null;
    case "move": {
      const stands = has(state, did.who);
      if (did.end === "gone") return stands ? null : state;
      if (!stands) return null;
      const free = isFree(state, did.cells, did.who);
      if (did.end === "taken") return free ? null : state;
      if (!free) return null;
      // A hold that moves stays a hold.
      const left = state.cells.map((before) => (before === did.who ? "" : before));
      return write({ ...state, cells: left }, did.cells, did.who);
    }
    case "look":
      // A start that the empty day did not have is one that nothing explains (-1).
      if (did.offered.has(-1)) return null;
      return did.kinds.every((cells, index) => isFree(state, cells) === did.offered.has(index)) ? state : null;
  }
}
