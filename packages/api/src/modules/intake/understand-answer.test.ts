import { describe, expect, test } from "vitest";
import { matchAnswers } from "./checked-answers.ts";
import { type Question, QuestionsSaveIn } from "./intake.schema.ts";
import { understandAnswer } from "./understand-answer.ts";

const asked = (kind: Question["kind"], options: string[] = []) => ({ kind, options });

describe("an answer is understood as its question's own type", () => {
  test.each([
    ["text", "  since Monday ", "since Monday"],
    ["text", "with\0nothing", "withnothing"],
    ["yes_no", true, true],
    ["yes_no", "no", false],
    ["choice", "Left", "Left"],
    ["number", "71,5", 71.5],
    ["number", 42, 42],
    ["date", "2024-02-29", "2024-02-29"],
  ] as const)("%s: %j is %j", (kind, given, answer) => {
    expect(understandAnswer(asked(kind, ["Left", "Right"]), given)).toEqual({ ok: true, answer });
  });

  test.each(["text", "yes_no", "choice", "number", "date"] as const)("%s: an empty field is no answer", (kind) => {
    expect(understandAnswer(asked(kind, ["Left", "Right"]), "  ")).toEqual({ ok: true, answer: null });
  });

  test.each([
    ["text", "x".repeat(1001)],
    ["yes_no", "perhaps"],
    ["choice", "Middle"],
    ["number", "seventy"],
    ["number", "1e9"],
    ["date", "2023-02-29"],
    ["date", "12 March 1988"],
  ] as const)("%s: %j is answered with a sentence", (kind, given) => {
    expect(understandAnswer(asked(kind, ["Left", "Right"]), given)).toMatchObject({ ok: false });
  });
});

describe("the answers of a booking", () => {
  const knee: Question = {
    id: "q-knee",
    kind: "choice",
    label: "Which knee?",
    options: ["Left", "Right"],
    required: true,
  };
  const weight: Question = { id: "q-weight", kind: "number", label: "Weight, kg", options: [], required: false };

  test("come in the order of the questions, each under its question", () => {
    const given = [
      { questionId: "q-weight", answer: "70" },
      { questionId: "q-knee", answer: "Left" },
    ];
    expect(matchAnswers([knee, weight], given, "patient")).toEqual({
      answers: [
        { questionId: "q-knee", answer: "Left" },
        { questionId: "q-weight", answer: 70 },
      ],
      wrong: [],
    });
  });

  test("lack nothing that a patient must answer; staff book without", () => {
    const { wrong } = matchAnswers([knee, weight], [], "patient");
    expect(wrong).toEqual([{ path: "answers.q-knee", issue: "missing", message: "Please answer this question" }]);
    expect(matchAnswers([knee, weight], [], "staff").wrong).toEqual([]);
  });

  test("say of each field what is wrong with it", () => {
    const given = [
      { questionId: "q-knee", answer: "Both" },
      { questionId: "q-weight", answer: "heavy" },
    ];
    expect(matchAnswers([knee, weight], given, "staff").wrong.map(({ path }) => path)).toEqual([
      "answers.q-knee",
      "answers.q-weight",
    ]);
  });

  test("to a question that is not asked any more are left out", () => {
    const given = [
      { questionId: "q-gone", answer: "old" },
      { questionId: "q-knee", answer: "Right" },
    ];
    expect(matchAnswers([knee], given, "patient").answers).toEqual([{ questionId: "q-knee", answer: "Right" }]);
  });
});

describe("the questions that are saved", () => {
  const serviceId = "0199b6a0-0000-7000-8000-000000000001";
  const saved = (...questions: unknown[]) =>
    QuestionsSaveIn.safeParse({ serviceId, questions, version: "", key: "a-key-of-a-press" }).error?.issues[0]?.message;
  const sides = { kind: "choice", label: "Which side?" };

  test("are taken as they are meant", () => {
    expect(saved({ ...sides, options: [" Left ", "Right"] }, { kind: "text", label: "Why?" })).toBeUndefined();
  });

  test.each([
    ["a choice of one", { ...sides, options: ["Left"] }, "A choice needs at least two answers to choose from"],
    ["words where there is no choice", { ...sides, kind: "text", options: ["a", "b"] }, "A choice needs at least two"],
    ["two that read the same", { ...sides, options: ["Left", "Left "] }, "Two choices read the same"],
    [
      "more words than are kept",
      { ...sides, options: "ABCDEFGHIJKLMNOPQRST".split("").map((c) => c + "漢".repeat(79)) },
      "Use fewer",
    ],
    ["no question", { kind: "text", label: " " }, "Write the question"],
  ])("%s is answered with a sentence", (_, question, sentence) => {
    expect(saved(question)).toContain(sentence);
  });

  test("name each question once", () => {
    const twice = { id: serviceId, kind: "text", label: "Why?" };
    expect(saved(twice, twice)).toBe("A question stands there twice");
  });
});
