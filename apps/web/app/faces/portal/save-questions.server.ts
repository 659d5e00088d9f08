import { data } from "react-router";
import { textOf } from "../../lib/form.ts";
import { attempt } from "../../lib/refusal.server.ts";
import type { Caller } from "../../lib/trpc.server.ts";
import type { Problem } from "./hours-draft.ts";
import { checkQuestions, type QuestionDraft, questionsFromForm } from "./questions-draft.ts";

/** What saving the questions comes back with; what was typed is always in it. */
export type QuestionsAnswer = { asked: QuestionDraft[]; saved?: boolean; problem?: string; problems?: Problem[] };

/** Saves the questions of a service. */
export async function saveQuestions(staff: Caller["staff"], form: FormData) {
  const asked = questionsFromForm(form);
  const answer = (more: Partial<QuestionsAnswer>, status = 200) =>
    data({ asked, ...more } satisfies QuestionsAnswer, { status });
  const checked = checkQuestions(asked);
  if (!checked.ok) return answer({ problems: checked.problems }, 422);
  const wish = { serviceId: textOf(form, "serviceId"), version: textOf(form, "version"), key: textOf(form, "key") };
  const saved = await attempt(() => staff.questions.save({ ...wish, questions: checked.questions }));
  return saved.ok ? answer({ saved: true }) : answer({ problem: saved.code }, 409);
}
