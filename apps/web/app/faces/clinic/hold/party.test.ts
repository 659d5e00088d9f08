import { expect, test } from "vitest";
import {
  bookingErrors,
  linesFor,
  namesOf,
  owesAnswers,
  partyErrors,
  partyFields,
  readParty,
  readVisits,
  startsOf,
  visitsValue,
} from "./party.ts";

const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};
const typed = { name: "Nomsa Dube", email: "nomsa@example.com", reason: "Both cough", "answers.a": "Left" };

test("what was typed goes from page to page without a loss", () => {
  const party = readParty(formOf({ ...typed, "other-0": "Sipho", "other-3": "Lerato", "people.4.answers.a": "Right" }));
  expect(namesOf(party)).toEqual(["Nomsa Dube", "Sipho", "Lerato"]);
  expect(readParty(formOf(Object.fromEntries(partyFields(party))))).toEqual(party);
});

test("somebody named as the one who comes is the first of the others", () => {
  const { others } = readParty(
    formOf({ ...typed, dependant: "Sipho", "other-0": "Lerato", "people.1.answers.a": "yes" }),
  );
  expect(others).toEqual([
    { name: "Sipho", answers: {} },
    { name: "Lerato", answers: { a: "yes" } },
  ]);
});

test("there is a line for the first other person, one more on request, and five at most", () => {
  const alone = readParty(formOf(typed));
  const withOthers = (...names: string[]) => ({ ...alone, others: names.map((name) => ({ name, answers: {} })) });
  expect(linesFor(alone, 0)).toEqual([""]);
  expect(linesFor(withOthers("a"), 2)).toEqual(["a", ""]);
  expect(linesFor(withOthers("a", "b"), 1)).toEqual(["a", "b"]);
  expect(linesFor(withOthers("a", "b", "c", "d", "e"), 6)).toHaveLength(5);
});

test("the times of a set stand in the order of the clock", () => {
  const [first, second] = [new Date("2026-11-24T08:00:00Z"), new Date("2026-11-24T08:20:00Z")];
  expect(startsOf({ start: second, set: { others: [{ start: first }] } })).toEqual([first, second]);
  expect(startsOf({ start: first, set: null })).toEqual([first]);
});

test("times are looked for when everybody has a name, and booked when somebody can be reached", () => {
  expect(partyErrors(readParty(formOf({}))).map(({ id }) => id)).toEqual(["name", "other-0"]);
  const party = readParty(formOf({ name: "Nomsa", "other-0": "Sipho" }));
  expect(partyErrors(party)).toEqual([]);
  expect(bookingErrors(party, 2).map(({ id }) => id)).toEqual(["phone"]);
  expect(bookingErrors({ ...party, others: [] }, 3).map(({ id }) => id)).toEqual(["phone", "other-0"]);
});

test("what is required is owed by everybody, the rest by nobody", () => {
  const question = { kind: "text" as const, label: "Allergies?", options: [] };
  const questions = [
    { ...question, id: "a", required: true },
    { ...question, id: "b", required: false },
  ];
  const party = (answers: Record<string, string>) => readParty(formOf({ ...typed, "other-0": "Sipho", ...answers }));
  expect(owesAnswers(party({}), questions)).toBe(true);
  expect(owesAnswers(party({ "people.1.answers.a": "None" }), questions)).toBe(false);
});

test("a proposal goes into a button and comes back the same", () => {
  const visits = [
    { start: new Date("2026-11-24T08:00:00Z"), practitionerId: "a" },
    { start: new Date("2026-11-24T08:20:00Z"), practitionerId: "b" },
  ];
  expect(readVisits(visitsValue(visits))).toEqual(visits);
  for (const nonsense of ["", "x", "2026-11-24T08:00:00.000Z a,x"]) expect(readVisits(nonsense)).toBeNull();
});
