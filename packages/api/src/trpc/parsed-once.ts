import type { z } from "zod";
import { keepWritten } from "./transformer.ts";

/**
 * An output schema for answers that are handed out again: one that was checked before is not checked again, and what goes
 * over the wire is written once. Such an answer is never changed.
 */
export function parsedOnce<S extends z.ZodObject>(schema: S): (answer: unknown) => z.output<S> {
  const parsed = new WeakMap<object, z.output<S>>();
  return (answer) => {
    const before = typeof answer === "object" && answer !== null ? parsed.get(answer) : undefined;
    if (before) return before;
    const checked = schema.parse(answer);
    if (typeof answer === "object" && answer !== null) parsed.set(answer, checked);
    return keepWritten(checked);
  };
}
