import { expect, test } from "vitest";
import { checkQuestions, draftOfQuestions, emptyQuestion, questionsFromForm } from "./questions-draft.ts";

const pregnant = { ...emptyQuestion, id: "q1", label: "Are you pregnant?", kind: "yes_no", required: true };

test("questions go through the form and back", () => {
  const checked = checkQuestions([
    pregnant,
    { ...emptyQuestion, label: "Which arm?", kind: "choice", options: "left, right" },
  ]);
  if (!checked.ok) throw new Error("the draft is right");
  expect(checked.questions).toEqual([
    { id: "q1", kind: "yes_no", label: "Are you pregnant?", options: [], required: true },
    { kind: "choice", label: "Which arm?", options: ["left", "right"], required: false },
  ]);
  expect(draftOfQuestions({ questions: checked.questions.map((one) => ({ id: "", ...one })) })[1]?.options).toBe(
    "left, right",
  );
});

test("a choice needs something to choose from", () => {
  const choice = (options: string) =>
    checkQuestions([{ ...emptyQuestion, label: "Which arm?", kind: "choice", options }]);
  expect(choice("left")).toMatchObject({ ok: false, problems: [{ id: "q-0-options" }] });
  expect(choice("left, left")).toMatchObject({ ok: false });
});

test("a question without words is taken away", () => {
  const form = new FormData();
  form.set("q.0.label", " ");
  form.set("q.1.label", "Which arm?");
  form.set("q.1.kind", "text");
  form.set("q.1.required", "on");
  expect(questionsFromForm(form)).toEqual([{ ...emptyQuestion, label: "Which arm?", required: true }]);
});
