import type { FieldError } from "@pulsecal/ui/site";
import { field } from "../../../lib/form.ts";
import { type Details, detailsErrors, emptyDetails, readDetails } from "./details-form.ts";
import { type NearTime, nearValue, readNear } from "./near-time.ts";
import { type Answers, answerField, type Question, readAnswers } from "./question-form.ts";

/** Somebody who comes along: by name, with what the clinic has to know of everybody. */
type Other = { name: string; answers: Answers };
/** Several people who come together: whoever books, with their details, and the others. */
export type Party = { details: Details; others: Other[] };

/** The person who books and five more. */
const MOST_OTHERS = 5;

export const emptyParty: Party = { details: emptyDetails, others: [] };

export const otherField = (index: number): string => `other-${index}`;

/** A party as a form has it. Somebody named as the one who comes is the first of the others. */
export function readParty(form: FormData): Party {
  const details = readDetails(form);
  const named = Array.from({ length: MOST_OTHERS }, (_, index) => ({
    name: field(form, otherField(index)),
    answers: readAnswers(form, index + 1),
  }));
  const others = details.dependant ? [{ name: details.dependant, answers: {} }, ...named] : named;
  const known = others.filter(({ name }) => name !== "").slice(0, MOST_OTHERS);
  return { details: { ...details, dependant: "" }, others: known };
}

/** The lines to show for the others: as many as wanted, at least one, and every name that is there. */
export function linesFor({ others }: Party, wanted: number): string[] {
  const length = Math.min(Math.max(1, wanted, others.length), MOST_OTHERS);
  return Array.from({ length }, (_, index) => others[index]?.name ?? "");
}

export const isFull = (lines: readonly string[]): boolean => lines.length >= MOST_OTHERS;

/** What is missing before times can be looked for. */
export function partyErrors({ details, others }: Party): FieldError[] {
  const errors: FieldError[] = [];
  if (details.name === "") errors.push({ id: "name", text: "Enter your name" });
  if (others.length === 0) errors.push({ id: otherField(0), text: "Enter who else is coming" });
  return errors;
}

/** What is missing before they can be booked. */
export function bookingErrors(party: Party, visits: number): FieldError[] {
  const errors = detailsErrors(party.details);
  const missing = visits - 1 - party.others.length;
  if (missing > 0) errors.push({ id: otherField(party.others.length), text: "Enter the name of everybody who comes" });
  return errors;
}

/** Whether somebody still owes an answer: the one who books, or another of them to what is required of everybody. */
export function owesAnswers({ details, others }: Party, questions: readonly Question[]): boolean {
  const people = [details, ...others];
  return questions.some(({ id, required }) => required && people.some(({ answers }) => !answers[id]));
}

/** Everybody's name, in the order of their times. */
export function namesOf({ details, others }: Party): string[] {
  return [details.name, ...others.map(({ name }) => name)];
}

/** When the bookings of a set begin, in the order of the clock. */
export function startsOf({ start, set }: { start: Date; set: { others: { start: Date }[] } | null }): Date[] {
  const all = [start, ...(set?.others.map((other) => other.start) ?? [])];
  return all.sort((a, b) => a.getTime() - b.getTime());
}

/** All that was typed, as the fields of a form, so that the next page has it too. */
export function partyFields({ details, others }: Party): [name: string, value: string][] {
  return [
    ["name", details.name],
    ["phone", details.phone],
    ["email", details.email],
    ["reason", details.reason],
    ...Object.entries(details.answers).map(([id, answer]): [string, string] => [answerField(id), answer]),
    ...others.flatMap(({ name, answers }, index): [string, string][] => [
      [otherField(index), name],
      ...Object.entries(answers).map(([id, answer]): [string, string] => [answerField(id, index + 1), answer]),
    ]),
  ];
}

/** Times for a party as the value of a button. */
export function visitsValue(visits: readonly NearTime[]): string {
  return visits.map(nearValue).join(",");
}

/** What such a button sent; null when it is not one. */
export function readVisits(value: string): NearTime[] | null {
  const visits = value.split(",").map(readNear);
  return value !== "" && visits.every((visit) => visit !== null) ? visits : null;
}
