import { textOf } from "../../lib/form.ts";
import type { Problem } from "./hours-draft.ts";
import type { Staff } from "./types.ts";

export type QuestionsView = Staff["questions"]["list"];
type Question = QuestionsView["questions"][number];

/** A question as it stands in the form. */
export type QuestionDraft = { id: string; label: string; kind: string; options: string; required: boolean };

export const questionKinds = [
  { value: "text", label: "Words" },
  { value: "yes_no", label: "Yes or no" },
  { value: "choice", label: "A choice" },
  { value: "number", label: "A number" },
  { value: "date", label: "A date" },
] as const satisfies readonly { value: Question["kind"]; label: string }[];

export const emptyQuestion: QuestionDraft = { id: "", label: "", kind: "text", options: "", required: false };
const mostQuestions = 20;

/** Saved questions as a form. */
export const draftOfQuestions = ({ questions }: Pick<QuestionsView, "questions">): QuestionDraft[] =>
  questions.map(({ id, label, kind, options, required }) => ({
    id,
    label,
    kind,
    options: options.join(", "),
    required,
  }));

/** Reads the posted form as it was typed: `q.<n>.label` and its companions. A question without words is taken away. */
export function questionsFromForm(form: FormData): QuestionDraft[] {
  const drafts: QuestionDraft[] = [];
  for (let n = 0; n < mostQuestions; n++) {
    const text = (name: string) => textOf(form, `q.${n}.${name}`).slice(0, 1000).trim();
    if (text("label") === "") continue;
    drafts.push({
      id: text("id"),
      label: text("label"),
      kind: text("kind"),
      options: text("options"),
      required: form.get(`q.${n}.required`) !== null,
    });
  }
  return drafts;
}

type Checked = { ok: true; questions: (Omit<Question, "id"> & { id?: string })[] } | { ok: false; problems: Problem[] };

/** Turns the form into questions, or says what to change. */
export function checkQuestions(drafts: readonly QuestionDraft[]): Checked {
  const problems: Problem[] = [];
  const questions = drafts.map(({ id, label, kind, options, required }, n) => {
    const known = questionKinds.find(({ value }) => value === kind)?.value ?? "text";
    const words =
      known === "choice"
        ? options
            .split(",")
            .map((word) => word.trim())
            .filter((word) => word !== "")
        : [];
    if (known === "choice" && words.length < 2)
      problems.push({ id: `q-${n}-options`, text: "A choice needs at least two answers, with a comma between them" });
    if (new Set(words).size < words.length) problems.push({ id: `q-${n}-options`, text: "Two answers read the same" });
    return { ...(id === "" ? {} : { id }), kind: known, label, options: words, required };
  });
  return problems.length === 0 ? { ok: true, questions } : { ok: false, problems };
}
