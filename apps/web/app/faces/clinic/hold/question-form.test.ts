import { expect, test } from "vitest";
import { answersInput, namingQuestions, type Question, readAnswers } from "./question-form.ts";

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
const knee: Question = { id: "a", required: true, kind: "choice", label: "Which knee?", options: ["Left", "Right"] };

test("answers are read by their question, and what was left empty is not sent", () => {
  const answers = readAnswers(form({ name: "Lerato", "answers.a": " Left ", "answers.b": "" }));
  expect(answers).toEqual({ a: "Left", b: "" });
  expect(answersInput(answers)).toEqual([{ questionId: "a", answer: "Left" }]);
  expect(answersInput({ b: "" })).toBeUndefined();
});

test("each of several people has answers of their own", () => {
  const typed = form({ "answers.a": "Left", "people.1.answers.a": "Right", "people.10.answers.a": "Both" });
  expect(readAnswers(typed)).toEqual({ a: "Left" });
  expect(readAnswers(typed, 1)).toEqual({ a: "Right" });
  const errors = [{ id: "people.1.answers.a", text: "Please answer this question" }];
  expect(namingQuestions(errors, [knee], [{ name: "Sipho" }])).toEqual([
    { id: "people.1.answers.a", text: "Sipho: Which knee? Please answer this question" },
  ]);
});

test("a summary names the question that is not answered, a field needs no name", () => {
  const errors = [
    { id: "name", text: "Enter your name" },
    { id: "answers.a", text: "Please answer this question" },
  ];
  expect(namingQuestions(errors, [knee])).toEqual([
    { id: "name", text: "Enter your name" },
    { id: "answers.a", text: "Which knee? Please answer this question" },
  ]);
});
