import type { Brand } from "../ids.ts";

/** Whole cents; the only form money takes in this system. */
export type Cents = Brand<number, "Cents">;

/** Marks a number as cents; throws RangeError for a fraction or a number too large to be exact. */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not whole cents: ${amount}`);
  return amount as Cents;
}
