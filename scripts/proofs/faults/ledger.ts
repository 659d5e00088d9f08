import { appendFileSync } from "node:fs";

/** What a client was told, or that it was told nothing. */
export type Told =
  | { kind: "booked"; token: string; ref: string; start: string; doctor: string; state: string }
  | { kind: "held"; token: string }
  | { kind: "cancelled"; token: string }
  | { kind: "refused"; code: string }
  /** nobody answered, whatever was tried */
  | { kind: "silence" };

/** One try of a request. `status` is null when no answer came; `why` then says how that looked. */
export type Try = { node: string; status: number | null; why: string; ms: number };

/** One wish of one patient under one key, with everything tried for it. */
export type Entry = {
  fault: string;
  what: "book" | "hold" | "confirm" | "cancel";
  clinicId: string;
  key: string;
  /** the patient's address, used for this wish alone */
  email: string;
  start: string;
  doctor: string;
  /** of the booking that is confirmed or cancelled */
  token: string | null;
  tries: Try[];
  told: Told;
};

export type Ledger = { entries: Entry[]; write(entry: Entry): void };

/** An append-only file outside the system: one line per answer a client was given. */
export function openLedger(file: string): Ledger {
  const entries: Entry[] = [];
  return {
    entries,
    write(entry) {
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      entries.push(entry);
    },
  };
}
