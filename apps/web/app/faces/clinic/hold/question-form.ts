import type { FieldError } from "@pulsecal/ui/site";
import { field } from "../../../lib/form.ts";
import type { Caller } from "../../../lib/trpc.server.ts";

export type Question = Awaited<ReturnType<Caller["public"]["booking"]["questions"]>>["questions"][number];
/** What was answered, by question, as it was typed. */
export type Answers = Record<string, string>;

/** The name of a question's field for one of several people, the first of whom books; the API calls it the same. */
export const answerField = (questionId: string, person = 0): string =>
  person === 0 ? `answers.${questionId}` : `people.${person}.answers.${questionId}`;

/** Every answer of a form by one person, as typed: it goes back into the page whatever happens. */
export function readAnswers(form: FormData, person = 0): Answers {
  const prefix = answerField("", person);
  const names = [...form.keys()].filter((name) => name.startsWith(prefix));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), field(form, name)]));
}

/** The answers as the API takes them; it knows the questions and judges. */
export function answersInput(answers: Answers): { questionId: string; answer: string }[] | undefined {
  const given = Object.entries(answers).filter(([, answer]) => answer !== "");
  return given.length > 0 ? given.map(([questionId, answer]) => ({ questionId, answer })) : undefined;
}

/** A summary stands far from the fields: there, what is wrong with an answer names its question, and who it is asked of. */
export function namingQuestions(
  errors: readonly FieldError[],
  questions: readonly Question[],
  others: readonly { name: string }[] = [],
): FieldError[] {
  const labels = new Map(
    questions.flatMap(({ id, label }) => [
      [answerField(id), label],
      ...others.map(({ name }, index) => [answerField(id, index + 1), `${name}: ${label}`] as const),
    ]),
  );
  return errors.map(({ id, text }) => ({ id, text: labels.has(id) ? `${labels.get(id)} ${text}` : text }));
}
