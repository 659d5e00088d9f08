import { z } from "zod";
import { Key } from "../scheduling/index.ts";

export const questionKinds = ["text", "yes_no", "choice", "number", "date"] as const;

/** One line of words: trimmed, no control characters. */
const words = (most: number, empty: string) =>
  z
    .string()
    .max(most * 2)
    .transform((raw) =>
      raw
        .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
        .replace(/ {2,}/g, " ")
        .trim(),
    )
    .pipe(z.string().min(1, empty).max(most, `Use at most ${most} letters`));

const mostQuestions = 20;
/** As many as the database keeps. */
const mostChoices = 20;
/** The words of all choices together, in bytes, as the database keeps them. */
const mostChoiceBytes = 4000;

const QuestionIn = z
  .strictObject({
    /** absent: a new question */
    id: z.uuid().optional(),
    kind: z.enum(questionKinds),
    label: words(300, "Write the question"),
    /** the words of a choice, at least two; none for the other kinds */
    options: z.array(words(80, "Write the choice")).max(mostChoices).default([]),
    required: z.boolean().default(false),
  })
  .refine(({ kind, options }) => (kind === "choice" ? options.length > 1 : options.length === 0), {
    message: "A choice needs at least two answers to choose from",
    path: ["options"],
  })
  .refine(({ options }) => isDistinct(options), {
    message: "Two choices read the same",
    path: ["options"],
  })
  .refine(({ options }) => Buffer.byteLength(options.join("")) <= mostChoiceBytes, {
    message: "Use fewer or shorter choices",
    path: ["options"],
  });

export const QuestionsIn = z.strictObject({ serviceId: z.uuid() });
export const QuestionsSaveIn = z.strictObject({
  serviceId: z.uuid(),
  /** in the order they are asked; one that is left out is not asked any more */
  questions: z
    .array(QuestionIn)
    .max(mostQuestions)
    .refine((questions) => isDistinct(questions.flatMap(({ id }) => id ?? [])), "A question stands there twice"),
  /** what was read; saving over something newer is refused */
  version: z.string().max(64),
  key: Key,
});
export const AnswersReadIn = z.strictObject({ bookingId: z.uuid() });

const Question = z.object({
  id: z.uuid(),
  kind: z.enum(questionKinds),
  label: z.string(),
  options: z.array(z.string()),
  required: z.boolean(),
});

export const QuestionsOut = z.object({ questions: z.array(Question) });
export const StaffQuestionsOut = z.object({ questions: z.array(Question), version: z.string() });
export const AnswersOut = z.object({
  /** true: the patient's key was destroyed and nothing opens any more */
  erased: z.boolean(),
  answers: z.array(
    z.object({
      questionId: z.uuid(),
      label: z.string(),
      kind: z.enum(questionKinds),
      answer: z.union([z.string(), z.boolean(), z.number()]),
    }),
  ),
});

/**
 * What is sent along with a booking: per question a text, a choice's words or a date as a string, a yes or no as a
 * boolean, a number as a number. A form sends only strings; those are understood too.
 */
export const Answers = z
  .array(
    z.strictObject({
      questionId: z.uuid(),
      answer: z.union([z.string().max(2000), z.boolean(), z.number()]),
    }),
  )
  .max(mostQuestions * 2);

export type Question = z.output<typeof Question>;
export type QuestionsSaveInput = z.output<typeof QuestionsSaveIn>;
export type StaffQuestions = z.output<typeof StaffQuestionsOut>;
export type GivenAnswers = z.output<typeof Answers>;
export type ReadAnswers = z.output<typeof AnswersOut>;

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
