import { newId, type TenantDb } from "@pulsecal/db";
import { refuse } from "../../trpc/error-map.ts";
import { sealAnswer } from "../records/index.ts";
import { findQuestions, type SealedAnswer } from "./intake.repo.ts";
import type { GivenAnswers, Question } from "./intake.schema.ts";
import { type Answer, understandAnswer } from "./understand-answer.ts";

/** An answer that fits its question. */
export type CheckedAnswer = { questionId: string; answer: Answer };

/**
 * What somebody answered to a service's questions, or a refusal (`invalid`) that names each field
 * `answers.<questionId>` with the sentence to show. A patient answers what is required; staff book without.
 */
export async function checkedAnswers(
  db: Pick<TenantDb, "$queryRaw">,
  at: { clinicId: string; serviceId: string },
  given: GivenAnswers | undefined,
  { by }: { by: "patient" | "staff" },
): Promise<CheckedAnswer[]> {
  const questions = await findQuestions(db, at.clinicId, at.serviceId);
  if (!questions) throw refuse("not_found");
  const { answers, wrong } = matchAnswers(questions, given ?? [], by);
  if (wrong.length > 0) throw refuse("invalid", { fields: wrong });
  return answers;
}

/**
 * The same for several people who come for one service, each of whom answers what is required. The fields of the first
 * are named as for one person, those of the others `people.<index>.answers.<questionId>`.
 */
export async function checkedAnswersOfAll(
  db: Pick<TenantDb, "$queryRaw">,
  at: { clinicId: string; serviceId: string },
  people: readonly (GivenAnswers | undefined)[],
): Promise<CheckedAnswer[][]> {
  const questions = await findQuestions(db, at.clinicId, at.serviceId);
  if (!questions) throw refuse("not_found");
  const matched = people.map((given) => matchAnswers(questions, given ?? [], "patient"));
  const fields = matched.flatMap(({ wrong }, index) =>
    index === 0 ? wrong : wrong.map((each) => ({ ...each, path: `people.${index}.${each.path}` })),
  );
  if (fields.length > 0) throw refuse("invalid", { fields });
  return matched.map(({ answers }) => answers);
}

type Wrong = { path: string; issue: string; message: string };

/** Pure: the answers in the order of their questions, and what is wrong with the rest. */
export function matchAnswers(
  questions: readonly Question[],
  given: GivenAnswers,
  by: "patient" | "staff",
): { answers: CheckedAnswer[]; wrong: Wrong[] } {
  const said = new Map(given.map(({ questionId, answer }) => [questionId, answer]));
  const answers: CheckedAnswer[] = [];
  const wrong: Wrong[] = [];
  for (const question of questions) {
    const read = understandAnswer(question, said.get(question.id) ?? "");
    const complain = (message: string) =>
      wrong.push({ path: `answers.${question.id}`, issue: read.ok ? "missing" : "custom", message });
    if (!read.ok) complain(read.message);
    else if (read.answer !== null) answers.push({ questionId: question.id, answer: read.answer });
    else if (question.required && by === "patient") complain("Please answer this question");
  }
  // An answer to a question that is not asked (any more) is left out: it was on the screen when somebody typed it.
  return { answers, wrong };
}

/** Seals each answer for its own row, under the patient's key. */
export function sealAnswers(key: Parameters<typeof sealAnswer>[0], answers: readonly CheckedAnswer[]): SealedAnswer[] {
  return answers.map(({ questionId, answer }) => {
    const id = newId();
    return { id, questionId, sealed: sealAnswer(key, id, JSON.stringify(answer)) };
  });
}
