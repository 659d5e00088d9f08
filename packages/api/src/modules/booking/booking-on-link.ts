import type { TenantTx, WriteOnce } from "@pulsecal/db";
import { inOneWrite, inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import { noteWritten } from "../../infra/outbox.ts";
import { hashToken } from "../../infra/tokens.ts";
import { refuse } from "../../trpc/error-map.ts";
import type { StoredPatientKey } from "../records/index.ts";
import { onceMoreOnKeyRace, replay } from "../scheduling/index.ts";
import type { BookingAudit, BookingEvent } from "./booking.live.ts";
import {
  type BookingMove,
  type BookingRow,
  findBooking,
  moveBookingOnce,
  type MoveStatus,
  type Trail,
  type WriteEnd,
} from "./booking.repo.ts";

/** How a booking is pointed at: by the secret of its link, or by its id for staff. */
export type Pointer = { token: string } | { bookingId: string };

/** A change that was decided on: what moves, and what is told of it. */
export type Change = {
  to: BookingMove;
  events: readonly BookingEvent[];
  audit: BookingAudit;
  /** rows it refers to, written before it in the same transaction; without any, the change is one statement */
  before?: ((tx: TenantTx) => Promise<void>) | undefined;
};

/** How it ended: the booking as it was read, and the change, if there was one to make. */
export type Changed = {
  row: BookingRow;
  change: Change | null;
  clash: boolean;
  /** the key was used for this before: nothing is done twice */
  answered: boolean;
};

/** Somebody who presses at the same moments as others still gets an answer about what is there now. */
const rounds = 4;

/**
 * Reads a booking, decides on it, and writes the change if the booking is still as it was read; otherwise starts over.
 * `decide` refuses by throwing; null leaves the booking alone. With a key, a change made before is not made again.
 */
export async function changeBooking(
  work: Work,
  pointer: Pointer,
  once: { key: string; inputHash: string } | null,
  decide: (row: BookingRow, patientKey: StoredPatientKey | null) => Change | null | Promise<Change | null>,
): Promise<Changed> {
  for (let round = 0; round < rounds; round++) {
    const found = await inTenant(work, (db) => findBooking(db, work.clinicId, byOf(pointer), once?.key));
    if (!found) throw refuse("not_found");
    const { row, stored, patientKey } = found;
    if (once && replay(stored, once.inputHash)) return { row, change: null, clash: false, answered: true };
    const change = await decide(row, patientKey);
    if (!change) return { row, change, clash: false, answered: false };
    const answer = once && { ...once, answer: { bookingId: row.id } };
    const end = await onceMoreOnKeyRace(() => writeChange(work, row, change, answer));
    if (end.status === "moved") return { row, change, clash: end.clash ?? false, answered: false };
  }
  throw refuse("conflict");
}

type Answer = Trail["answer"];

async function writeChange(work: Work, row: BookingRow, change: Change, answer: Answer): Promise<WriteEnd<MoveStatus>> {
  const { to, events, audit, before } = change;
  const write = (db: WriteOnce) => moveBookingOnce(db, work.clinicId, row, to, { events, audit, answer });
  if (!before) return inOneWrite(work, write);
  try {
    return await inTx(work, async (tx) => {
      await before(tx);
      const end = await write(tx);
      if (end.status !== "moved") throw new NotWritten(end);
      if (end.xid !== null) noteWritten(tx, BigInt(end.xid));
      return end;
    });
  } catch (error) {
    if (error instanceof NotWritten) return error.end;
    throw error;
  }
}

/** Takes back what was written before a change that was not made after all. */
class NotWritten extends Error {
  readonly end: WriteEnd<MoveStatus>;
  constructor(end: WriteEnd<MoveStatus>) {
    super(end.status);
    this.name = "NotWritten";
    this.end = end;
  }
}

/** The booking a pointer means, or not_found: an unknown link and another clinic's are the same. */
export async function pointedBooking(
  db: Parameters<typeof findBooking>[0],
  clinicId: string,
  pointer: Pointer,
): Promise<BookingRow> {
  const found = await findBooking(db, clinicId, byOf(pointer));
  if (!found) throw refuse("not_found");
  return found.row;
}

/** The same for the repo, which knows only the token's hash. */
export function byOf(pointer: Pointer): { id: string } | { tokenHash: string } {
  return "token" in pointer ? { tokenHash: hashToken(pointer.token) } : { id: pointer.bookingId };
}
