import type { Block, BlockReason } from "../availability/types.ts";

export type SqueezeIn =
  /** `over`: the rules set aside, for the audit row; `squeezeIn`: the time overlaps someone, so it is shown as such */
  | { ok: true; over: BlockReason[]; squeezeIn: boolean }
  | { ok: false; why: "not_permitted" | "reason_needed" | "cap_reached" | "not_blocked" | "in_the_past" };

/** Shortest reason that says something. */
const MIN_REASON = 3;

/**
 * Whether staff may book although rules block the time: by permission, with a reason, and where it overlaps someone, up
 * to the clinic's cap for that day. The past stays the past. A time nothing blocks is booked the ordinary way.
 */
export function decideSqueezeIn(asked: {
  permitted: boolean;
  reason: string;
  blocks: readonly Block[];
  squeezedThatDay: number;
  capPerDay: number;
}): SqueezeIn {
  if (!asked.permitted) return { ok: false, why: "not_permitted" };
  const over = [...new Set(asked.blocks.map((b) => b.why))];
  if (over.length === 0) return { ok: false, why: "not_blocked" };
  if (over.includes("past")) return { ok: false, why: "in_the_past" };
  if (asked.reason.trim().length < MIN_REASON) return { ok: false, why: "reason_needed" };
  const squeezeIn = over.some((why) => why === "busy" || why === "seats" || why === "not_enough");
  if (squeezeIn && asked.squeezedThatDay >= asked.capPerDay) return { ok: false, why: "cap_reached" };
  return { ok: true, over, squeezeIn };
}
