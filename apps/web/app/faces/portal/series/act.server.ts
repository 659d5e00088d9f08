import { data, redirect } from "react-router";
import { textOf } from "../../../lib/form.ts";
import { attempt } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import { type PersonTyped, personInput, personProblems, readPerson } from "../agenda/person-form.ts";
import { clashOf, out } from "./choices.ts";
import type { Problem } from "./read-series.server.ts";
import { checkRule, readRule } from "./rule.ts";

/** What the action leaves for the page; everything that was typed and chosen is in it. */
export type SeriesAnswer = {
  typed: PersonTyped;
  /** by date: an instant, or "out" */
  chosen: Record<string, string>;
  problems?: Problem[];
  problem?: string;
  /** what somebody took meanwhile: the date of the series and the time that was chosen for it */
  lost?: { date: string; start: Date }[];
};

const answer = (left: SeriesAnswer, status: number) => data(left, { status });

type Wanted = { zone: string; today: string };

/** Books the dates that were chosen, all or none; or takes over what was typed at a place of the agenda. */
export async function actOnSeries(staff: Caller["staff"], form: FormData, { zone, today }: Wanted) {
  const typed = readPerson(form);
  if (form.has("carry")) return answer({ typed, chosen: {} }, 200);
  const chosen = chosenIn(form);
  const rule = readRule(new URLSearchParams(textOf(form, "rule")), zone, today);
  const choices = Object.entries(chosen)
    .filter(([, choice]) => choice !== out)
    .map(([date, choice]) => ({ date, start: new Date(choice) }));
  const problems = [
    ...undecidedProblems(form, chosen),
    ...(choices.length === 0 && form.has("date") ? [{ id: "dates", text: "Keep at least one date" }] : []),
    ...clashProblems(choices, Number(textOf(form, "minutes"))),
    ...personProblems(typed, "book"),
  ];
  if (problems.length > 0) return answer({ typed, chosen, problems }, 422);
  const checked = checkRule(rule, zone);
  if (!checked.ok) return answer({ typed, chosen, problem: "invalid" }, 422);

  const { name, email, phone, reason } = personInput(typed);
  const done = await attempt(() =>
    staff.series.book({ ...checked.input, choices, name, email, phone, reason, key: textOf(form, "key") }),
  );
  if (done.ok) {
    const first = done.value.bookings[0];
    const date = choices.map((one) => one.date).toSorted()[0] ?? rule.date;
    throw redirect(`/portal/agenda?date=${date}${first === undefined ? "" : `&booking=${first.bookingId}`}`);
  }
  return answer({ typed, chosen, problem: done.code, lost: lostIn(done.detail) }, 409);
}

/** What the form says of each date. A free date whose tick was taken away sends nothing: it is left out. */
function chosenIn(form: FormData): Record<string, string> {
  const mustDecide = new Set(form.getAll("decide"));
  const all = form.getAll("date").flatMap((date): [string, string][] => {
    if (typeof date !== "string") return [];
    const choice = textOf(form, `at-${date}`);
    if (choice !== "" && (choice === out || !Number.isNaN(Date.parse(choice)))) return [[date, choice]];
    return mustDecide.has(date) ? [] : [[date, out]];
  });
  return Object.fromEntries(all);
}

function undecidedProblems(form: FormData, chosen: Record<string, string>): Problem[] {
  return form.getAll("decide").flatMap((date) => {
    if (typeof date !== "string" || chosen[date] !== undefined) return [];
    const words = textOf(form, `words-${date}`).slice(0, 40);
    return [{ id: `date-${date}`, text: `${words}: choose another time, or leave it out` }];
  });
}

function clashProblems(choices: readonly { date: string; start: Date }[], minutes: number): Problem[] {
  const date = clashOf(choices, minutes);
  return date === null
    ? []
    : [{ id: `date-${date}`, text: "Two dates have times that overlap. Choose another for one of them." }];
}

/** The dates that are not free any more, from a refusal that looked at all of them again. */
function lostIn(detail: Record<string, unknown>): { date: string; start: Date }[] {
  const dates: { date?: unknown; start?: unknown; result?: unknown }[] = Array.isArray(detail["dates"])
    ? detail["dates"]
    : [];
  return dates.flatMap(({ date, start, result }) =>
    result !== "free" && typeof date === "string" && start instanceof Date ? [{ date, start }] : [],
  );
}
