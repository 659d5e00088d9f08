import type { FieldError } from "@pulsecal/ui/site";
import { field } from "../../../lib/form.ts";
import { detailsErrors, emptyDetails } from "../hold/details-form.ts";

export type Wish = {
  name: string;
  phone: string;
  email: string;
  /** ISO weekdays, "1" to "7"; none is any */
  days: string[];
  /** of `PARTS`; none is any */
  parts: string[];
  notBefore: string;
  notAfter: string;
};

export const emptyWish: Wish = { name: "", phone: "", email: "", days: [], parts: [], notBefore: "", notAfter: "" };

/** Minutes of the day, as the slot picker divides it. */
export const PARTS = {
  morning: { label: "Morning", from: 0, to: 12 * 60 },
  afternoon: { label: "Afternoon", from: 12 * 60, to: 17 * 60 },
  evening: { label: "Evening", from: 17 * 60, to: 24 * 60 },
} as const;

export const WEEKDAYS = [
  { value: "1", label: "Mon", spoken: "Monday" },
  { value: "2", label: "Tue", spoken: "Tuesday" },
  { value: "3", label: "Wed", spoken: "Wednesday" },
  { value: "4", label: "Thu", spoken: "Thursday" },
  { value: "5", label: "Fri", spoken: "Friday" },
  { value: "6", label: "Sat", spoken: "Saturday" },
  { value: "7", label: "Sun", spoken: "Sunday" },
] as const;

type PartName = keyof typeof PARTS;
type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const isPart = (name: string): name is PartName => name in PARTS;
const isWeekday = (text: string): boolean => /^[1-7]$/.test(text);
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** What was typed and ticked, as it was: it goes back into the page whatever happens. */
export function readWish(form: FormData): Wish {
  const ticked = (name: string) => form.getAll(name).map(String);
  return {
    name: field(form, "name"),
    phone: field(form, "phone"),
    email: field(form, "email"),
    days: ticked("days").filter(isWeekday),
    parts: ticked("parts").filter(isPart),
    notBefore: field(form, "notBefore"),
    notAfter: field(form, "notAfter"),
  };
}

/** What a person can put right before the API is asked. */
export function wishErrors(wish: Wish): FieldError[] {
  const errors = detailsErrors({ ...emptyDetails, name: wish.name, phone: wish.phone, email: wish.email });
  const { notBefore, notAfter } = wish;
  if (isDay(notBefore) && isDay(notAfter) && notAfter < notBefore)
    errors.push({ id: "notAfter", text: "Choose a last day after the first" });
  return errors;
}

/** The wish as the API takes it. Ticking nothing, of days or of parts, leaves that open. */
export function wishInput({ name, phone, email, days, parts, notBefore, notAfter }: Wish) {
  const weekdays = (days.length > 0 ? days : WEEKDAYS.map(({ value }) => value)).map((day) => Number(day) as Weekday);
  const spans = parts.filter(isPart).map((part) => ({ from: PARTS[part].from, to: PARTS[part].to }));
  const anyTime = days.length === 0 && spans.length === 0;
  const wholeDay = [{ from: 0, to: 24 * 60 }];
  return {
    name,
    phone: phone || undefined,
    email: email || undefined,
    canCome: anyTime
      ? []
      : weekdays.flatMap((weekday) => (spans.length > 0 ? spans : wholeDay).map((span) => ({ weekday, ...span }))),
    notBefore: isDay(notBefore) ? notBefore : undefined,
    notAfter: isDay(notAfter) ? notAfter : undefined,
  };
}
