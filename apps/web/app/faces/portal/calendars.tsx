import { EmptyState, Notice, PageHead } from "@pulsecal/ui/app";
import { data, redirect, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { keyFor, newFormKey, textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached, unreachedText } from "../../lib/keep-typed.ts";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useLiveEvents } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useReadAgain } from "../../lib/read-again.ts";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/calendars";
import { CalendarCard, type CalendarLine, StopDialog, stopQuestion } from "./calendars-card.tsx";
import { useMay, useMe } from "./portal.tsx";
import type { StaffEvent } from "./types.ts";

const here = "/portal/settings/calendars";

/** What a press comes back with: an address to show, or why not. */
type CalendarAnswer = { practitionerId: string; address?: string | null; made?: boolean; problem?: string };

/** An address opens a calendar to whoever reads it: the page carries none until its owner asks to see it. */
export async function loader({ context, request }: Route.LoaderArgs) {
  const feeds = await ask("portal", request, callerOf(context).staff.feeds.list());
  const lines = feeds.map(({ address, ...feed }): CalendarLine => ({ ...feed, own: address !== null }));
  return { lines, zone: pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg", key: newFormKey() };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const { feeds } = callerOf(context).staff;
  const [intent = "", practitionerId = ""] = textOf(form, "intent").split(" ");
  const wish = { practitionerId, key: keyFor(textOf(form, "key"), intent, practitionerId) };
  const answered = (answer: Omit<CalendarAnswer, "practitionerId">, status = 200) =>
    data({ practitionerId, ...answer } satisfies CalendarAnswer, { status });
  switch (intent) {
    case "make": {
      const made = await attempt(() => feeds.create(wish));
      return made.ok ? answered({ address: made.value.address, made: true }) : answered({ problem: made.code }, 409);
    }
    case "show": {
      const read = await attempt(() => feeds.list());
      if (!read.ok) return answered({ problem: read.code }, 409);
      return answered({ address: read.value.find((feed) => feed.practitionerId === practitionerId)?.address ?? null });
    }
    default: {
      const done = await attempt(() => feeds.revoke({ ...wish, all: intent === "stop-all" }));
      if (!done.ok) return answered({ problem: done.code }, 409);
      throw redirect(`${here}?stopped=${practitionerId}`);
    }
  }
}

export async function clientAction({ serverAction }: Route.ClientActionArgs): Promise<CalendarAnswer> {
  return { practitionerId: "", ...(await keepTyped(() => serverAction())) };
}
export const shouldRevalidate = unlessUnreached;

const problems: Record<string, string> = {
  unreached: unreachedText,
  forbidden: "Your role does not allow this. An owner or a manager can.",
  not_found: "This calendar is not there any more.",
};

export default function Calendars({ loaderData, actionData }: Route.ComponentProps) {
  const { lines, zone, key } = loaderData;
  const answer = useLastAnswer(actionData);
  const { clinic } = useMe();
  const mayStopAll = useMay("clinic.write");
  const [params] = useSearchParams();
  const readAgain = useReadAgain();
  useLiveEvents<StaffEvent>(({ type }) => {
    if (/^(?:calendar|practitioner)\./.test(type)) readAgain();
  });
  const problem = answer?.problem;
  const stopped = lines.find(({ practitionerId }) => practitionerId === params.get("stopped"));
  const asked = stopQuestion(lines, params, mayStopAll);

  return (
    <>
      <title>{`${problem === undefined ? "" : "Error: "}Calendars, ${clinic.name}`}</title>
      <PageHead title="Calendars">
        <p className="max-w-2xl text-14 text-muted">
          An address of your own puts a doctor&rsquo;s bookings into your calendar app and keeps them right. It shows
          times and initials, never a full name or a reason.
        </p>
      </PageHead>
      {problem === undefined ? null : (
        <Notice tone="danger" role="alert" className="mb-4">
          {problems[problem] ?? "We could not do this. Nothing was changed; try again."}
        </Notice>
      )}
      {stopped === undefined || answer !== undefined ? null : (
        <Notice tone="success" role="status" className="mb-4">
          Stopped. Calendar apps get nothing more from {stopped.practitionerName}&rsquo;s address.
        </Notice>
      )}
      {lines.length === 0 ? (
        <EmptyState title="No doctors yet.">Their calendars stand here as soon as there are some.</EmptyState>
      ) : (
        <div className="grid max-w-4xl gap-4">
          {lines.map((line) => {
            const answered = answer?.practitionerId === line.practitionerId ? answer : undefined;
            return (
              <CalendarCard
                key={line.practitionerId}
                line={line}
                zone={zone}
                formKey={key}
                mayStopAll={mayStopAll}
                address={line.own ? (answered?.address ?? null) : null}
                made={answered?.made === true}
                asked={asked?.line === line ? asked : null}
              />
            );
          })}
        </div>
      )}
      <StopDialog asked={asked} formKey={key} />
    </>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
