import type { FieldError } from "@pulsecal/ui/site";
import { field } from "../../../lib/form.ts";
import type { Caller } from "../../../lib/trpc.server.ts";

export type Question = Awaited<ReturnType<Caller["public"]["booking"]["questions"]>>["questions"][number];
/** What was answered, by question, as it was typed. */
export type Answers = Record<string, string>;

/** The name of a question's field; the API calls it the same. */
export const answerField = (questionId: string): string => `answers.${questionId}`;

/** Every answer of a form, as typed: it goes back into the page whatever happens. */
export function readAnswers(form: FormData): Answers {
  const names = [...form.keys()].filter((name) => name.startsWith("answers."));
  return Object.fromEntries(names.map((name) => [name.slice("answers.".length), field(form, name)]));
}

/** The answers as the API takes them; it knows the questions and judges. */
export function answersInput(answers: Answers): { questionId: string; answer: string }[] | undefined {
  const given = Object.entries(answers).filter(([, answer]) => answer !== "");
  return given.length > 0 ? given.map(([questionId, answer]) => ({ questionId, answer })) : undefined;
}

/** A summary stands far from the fields: there, what is wrong with an answer names its question. */
export function namingQuestions(errors: readonly FieldError[], questions: readonly Question[]): FieldError[] {
  const labels = new Map(questions.map(({ id, label }) => [answerField(id), label]));
  return errors.map(({ id, text }) => ({ id, text: labels.has(id) ? `${labels.get(id)} ${text}` : text }));
}
