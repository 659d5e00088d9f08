import { dayOf, formatTime } from "@pulsecal/core";
import { buttonClass, Card, cx, EmptyState, ErrorSummary, PageHead, useAnnounce } from "@pulsecal/ui/app";
import { useEffect, useState } from "react";
import { Form, Link, type ShouldRevalidateFunctionArgs, useNavigation } from "react-router";
import { ask } from "../../../lib/ask.server.ts";
import { newFormKey } from "../../../lib/form.ts";
import { keepTyped, unlessUnreached } from "../../../lib/keep-typed.ts";
import { useLastAnswer } from "../../../lib/last-answer.ts";
import { useHydrated, useLiveEvents } from "../../../lib/live.tsx";
import { PageProblem } from "../../../lib/page-problem.tsx";
import { useReadAgain } from "../../../lib/read-again.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { problemText } from "../agenda/words.ts";
import { useMe } from "../portal.tsx";
import type { StaffEvent } from "../types.ts";
import type { Route } from "./+types/series";
import { actOnSeries, type SeriesAnswer } from "./act.server.ts";
import { besideWords, bookedOf, type Chosen, choiceOf, dayWords, nearestForAll, out } from "./choices.ts";
import { DateList, DecideAll } from "./date-list.tsx";
import { PersonCard, RefusedNotice } from "./person-card.tsx";
import { readSeriesPage } from "./read-series.server.ts";
import { RuleForm } from "./rule-form.tsx";
import { readRule, ruleParams, ruleWords } from "./rule.ts";
import { useSeenDates } from "./use-seen-dates.ts";

function clockOf(context: Route.LoaderArgs["context"]) {
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  return { zone, today: dayOf(Date.now(), zone) };
}

export async function loader({ context, request }: Route.LoaderArgs) {
  const { zone, today } = clockOf(context);
  const typed = readRule(new URL(request.url).searchParams, zone, today);
  const page = await ask("portal", request, readSeriesPage(callerOf(context).staff, typed, zone));
  return { ...page, address: ruleParams(page.rule).toString(), zone, today, key: newFormKey() };
}

export async function action({ context, request }: Route.ActionArgs) {
  return actOnSeries(callerOf(context).staff, await request.formData(), clockOf(context));
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());

/** After a lost race every date is looked at again; after what never arrived there is nothing new to read. */
export function shouldRevalidate(change: ShouldRevalidateFunctionArgs): boolean {
  const answer: unknown = change.actionResult;
  const refused = typeof answer === "object" && answer !== null && "lost" in answer;
  return refused || unlessUnreached(change);
}

/** What may change a date: a booking, or a rule. */
const touching = /^(?:booking|hours|leave|closure|service|room|clinic|practitioner)\./;

/** A series: how it repeats, every date with its result before anything is booked, then all of it or none. */
export default function Series({ loaderData, actionData }: Route.ComponentProps) {
  const { services, rule, minutes, practitioner, problems, zone, today, address, key } = loaderData;
  const { clinic } = useMe();
  const hydrated = useHydrated();
  const navigation = useNavigation();
  const announce = useAnnounce();
  const left = useLastAnswer(actionData);
  const answer: SeriesAnswer | undefined = left !== undefined && "typed" in left ? left : undefined;
  const { dates, changed, marked, show } = useSeenDates(loaderData, answer);
  const readAgain = useReadAgain();
  useLiveEvents<StaffEvent>((event) => {
    if (touching.test(event.type)) readAgain();
  });

  const [chosen, setChosen] = useState<Chosen>(answer?.chosen ?? {});
  const choose = (more: Chosen) => setChosen((now) => ({ ...now, ...more }));
  const booked = bookedOf(dates, chosen);
  const open = dates.filter((one) => choiceOf(one, chosen) === null);
  const blocked = dates.filter(({ result }) => result !== "free").length;

  const said = changed === 0 ? null : changed === 1 ? "1 date changed" : `${changed} dates changed`;
  useEffect(() => {
    if (said !== null) announce(`${said} while you are here.`);
  }, [said, announce]);

  const problem: string | undefined = left !== undefined && "problem" in left ? left.problem : undefined;
  const wrong = answer?.problems ?? [];
  const lost = new Map(answer?.lost?.map(({ date, start }) => [date, start]));
  const booking = navigation.formMethod === "POST";
  const looking = !booking && navigation.location?.pathname.endsWith("/series") === true;
  const failed = problem !== undefined || wrong.length > 0;
  const back = `/portal/agenda?date=${rule.date}`;
  const first = booked[0];
  const last = booked.at(-1);

  return (
    <>
      <title>{`${failed ? "Error: " : ""}Repeat a booking, ${clinic.name}`}</title>
      <PageHead
        title="Repeat a booking"
        aside={
          <Link to={back} className={buttonClass()}>
            Back to the agenda
          </Link>
        }
      >
        <p className="text-14 text-muted">Every date is looked at first. Then all of them are booked, or none.</p>
      </PageHead>
      {services.length === 0 ? (
        <EmptyState
          title="No service that can be booked yet."
          next={<Link to="/portal/settings/services">Services</Link>}
        />
      ) : (
        <div className="flex flex-col gap-5">
          <Card title="How it repeats" id="rule">
            <RuleForm services={services} rule={rule} problems={problems} />
          </Card>
          <Form method="post" preventScrollReset noValidate className="flex flex-wrap gap-5">
            <input type="hidden" name="rule" value={address} />
            <input type="hidden" name="minutes" value={minutes} />
            <input type="hidden" name="key" value={key} />
            <div className="flex min-w-0 flex-[999_1_28rem] flex-col gap-3">
              <ErrorSummary problems={wrong} />
              {problem === undefined ? null : (
                <RefusedNotice
                  problem={problem === "not_found" ? "This service is not given any more." : problemText(problem)}
                  lost={[...lost].map(([date, start]) => whenWords(start, date, zone, today))}
                />
              )}
              {dates.length === 0 ? (
                <EmptyState title="No dates to look at.">Change what is marked above, and they appear here.</EmptyState>
              ) : (
                <Card
                  id="dates"
                  title={ruleWords(rule)}
                  aside={
                    <span role="status" className="text-14 text-muted tabular-nums">
                      {looking ? "Looking…" : countWords(dates.length, blocked)}
                    </span>
                  }
                  className={cx(looking && "opacity-60")}
                >
                  {said === null ? null : (
                    <div className="border-b border-border px-4 py-1.5">
                      <button type="button" onClick={show} className={cx(buttonClass(), "border-brand text-brand")}>
                        {said}: show
                      </button>
                    </div>
                  )}
                  {hydrated && open.length > 1 ? (
                    <DecideAll
                      count={open.length}
                      onNearest={() => setChosen(nearestForAll(dates, chosen, minutes))}
                      onLeaveOut={() => choose(Object.fromEntries(open.map(({ date }) => [date, out])))}
                    />
                  ) : null}
                  <DateList
                    dates={dates}
                    chosen={chosen}
                    marked={marked}
                    lost={lost}
                    wrong={new Set(wrong.map(({ id }) => id))}
                    zone={zone}
                    today={today}
                    onChoose={(date, choice) => choose({ [date]: choice })}
                  />
                </Card>
              )}
            </div>
            {dates.length === 0 ? null : (
              <PersonCard
                typed={answer?.typed}
                problems={wrong}
                pending={booking ? "Booking…" : looking ? "Looking…" : null}
                button={booked.length === 1 ? "Book 1 date" : `Book ${booked.length} dates`}
                summary={
                  first === undefined || last === undefined
                    ? "No date is chosen yet."
                    : `${dayWords(+first.start, zone, today)} to ${dayWords(+last.start, zone, today)}, with ${practitioner}.${leftWords(dates.length - booked.length - open.length, open.length)}`
                }
              />
            )}
          </Form>
        </div>
      )}
    </>
  );
}

const whenWords = (start: Date, date: string, zone: string, today: string): string => {
  const words = besideWords(start, date, zone, today);
  return words.includes(",") ? words : `${dayWords(+start, zone, today)}, ${formatTime(+start, zone)}`;
};

const countWords = (all: number, blocked: number): string =>
  blocked === 0 ? (all === 1 ? "1 date, free" : `${all} dates, all free`) : `${all} dates, ${blocked} not free`;

const leftWords = (out: number, open: number): string =>
  `${out === 0 ? "" : ` ${out} left out.`}${open === 0 ? "" : ` ${open} to decide on.`}`;

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
