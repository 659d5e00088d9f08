import { z } from "zod";
import type { Question } from "./intake.schema.ts";

/** An answer as it is kept: of the question's own type. */
export type Answer = string | boolean | number;

/** An answer that was understood; null when nothing was answered; or the sentence to show. */
export type Understood = { ok: true; answer: Answer | null } | { ok: false; message: string };

const longestText = 1000;
const CalendarDate = z.iso.date();

/** Reads what somebody answered, typed or from a plain form. Whether an answer is needed is not asked here. */
export function understandAnswer(question: Pick<Question, "kind" | "options">, given: Answer): Understood {
  const text = typeof given === "string" ? given.replaceAll("\0", "").trim() : String(given);
  if (text === "") return { ok: true, answer: null };
  switch (question.kind) {
    case "text":
      return text.length <= longestText ? understood(text) : no(`Use at most ${longestText} letters`);
    case "yes_no":
      return yesOrNo(text);
    case "choice":
      return question.options.includes(text) ? understood(text) : no("Choose one of the answers");
    case "number":
      return number(text);
    case "date":
      return CalendarDate.safeParse(text).success ? understood(text) : no("Enter a date, like 1988-03-12");
  }
}

function yesOrNo(text: string): Understood {
  if (text === "true" || text === "yes") return understood(true);
  if (text === "false" || text === "no") return understood(false);
  return no("Choose yes or no");
}

/** South Africans write a comma; nobody's weight has a million digits. */
function number(text: string): Understood {
  const plain = text.replace(",", ".");
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(plain) ? understood(Number(plain)) : no("Enter a number");
}

function understood(answer: Answer): Understood {
  return { ok: true, answer };
}

function no(message: string): Understood {
  return { ok: false, message };
}
