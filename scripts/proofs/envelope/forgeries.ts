import { seeded } from "../harness.ts";
import type { Opener } from "./openers.ts";
import type { Cell } from "./sealed-world.ts";

type Random = ReturnType<typeof seeded>;

/** A forgery is made of stored rows by their positions, so that the same ones can be tried on another build's rows. */
export type Forgery = (cells: Cell[]) => Cell;

/** What a thief with a pen in the database carries along: the value, the patient's key with it, the clinic's too. */
const loads = ["value", "patient key", "clinic key"] as const;

/** Puts a value at another place: another column or row of its patient, another patient, another clinic. */
export function movedValue(cells: Cell[], random: Random): Forgery {
  const source = random.int(cells.length);
  const distance = random.int(3);
  const near = cells.flatMap((cell, index) => (isSame(cell, cells[source], distance) ? [index] : []));
  const target = random.pick(near.filter((index) => index !== source));
  const load = random.pick(loads);
  return (rows) => {
    const [from, to] = [at(rows, source), at(rows, target)];
    const { clinicId } = to.clinic;
    const clinic = load === "clinic key" ? { ...from.clinic, clinicId } : to.clinic;
    const patient = load === "value" ? to.patient : { ...from.patient, clinicId, patientId: to.patient.patientId };
    return { clinic, patient, place: to.place, blob: from.blob };
  };
}

/** Changes one bit of a value or of one of the keys it hangs on. */
export function flippedBit(cells: Cell[], random: Random): Forgery {
  const source = random.int(cells.length);
  const load = random.pick(loads);
  const share = random.next();
  return (rows) => {
    const cell = at(rows, source);
    if (load === "value") return { ...cell, blob: flipped(cell.blob, share) };
    if (load === "patient key")
      return { ...cell, patient: { ...cell.patient, wrapped: flipped(cell.patient.wrapped, share) } };
    return { ...cell, clinic: { ...cell.clinic, wrapped: flipped(cell.clinic.wrapped, share) } };
  };
}

/** How many of these cells open. */
export function opened(cells: Cell[], open: Opener): number {
  return cells.filter((cell) => {
    try {
      open(cell);
      return true;
    } catch {
      return false;
    }
  }).length;
}

/** 0: of the same patient, 1: of the same clinic, 2: anywhere. */
function isSame(cell: Cell, other: Cell | undefined, distance: number): boolean {
  if (distance === 0) return cell.patient.patientId === other?.patient.patientId;
  return distance === 2 || cell.clinic.clinicId === other?.clinic.clinicId;
}

function flipped(bytes: Uint8Array, share: number): Buffer {
  const changed = Buffer.from(bytes);
  const bit = Math.trunc(share * changed.length * 8);
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return changed;
}

function at(cells: Cell[], index: number): Cell {
  const cell = cells[index];
  if (!cell) throw new Error("a forgery of a row that is not there");
  return cell;
}
