import { formatRange, formatTime } from "@pulsecal/core";
import { Button, buttonClass, Card, cx, EmptyState, Notice, PageHead } from "@pulsecal/ui/app";
import { Plus } from "lucide-react";
import { data, Form, Link, redirect, useNavigation, useSearchParams } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { newFormKey, textOf } from "../../lib/form.ts";
import { keepTyped, unlessUnreached, unreachedText } from "../../lib/keep-typed.ts";
import { useLastAnswer } from "../../lib/last-answer.ts";
import { useLiveEvents } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { useReadAgain } from "../../lib/read-again.ts";
import { attempt } from "../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/waitlist";
import { useMay, useMe } from "./portal.tsx";
import type { Staff, StaffEvent } from "./types.ts";
import { addToWaitlist, type WaitAnswer } from "./waitlist-add.server.ts";
import { WaitlistForm } from "./waitlist-form.tsx";
import { urgencies, waitedText, wishText } from "./waitlist-words.ts";

const here = "/portal/waitlist";

export async function loader({ context, request }: Route.LoaderArgs) {
  const { staff } = callerOf(context);
  const zone = pulse(context).ctx.clinic?.zone ?? "Africa/Johannesburg";
  const [list, services, practitioners] = await ask(
    "portal",
    request,
    Promise.all([staff.waitlist.list(), staff.services.list(), staff.practitioners.list()]),
  );
  const active = <T extends { active: boolean }>(all: T[]) => all.filter((one) => one.active);
  return { list, services: active(services), practitioners: active(practitioners), zone, key: newFormKey() };
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await request.formData();
  const { staff } = callerOf(context);
  const [intent, entryId = ""] = textOf(form, "intent").split(" ");
  const key = textOf(form, "key");
  if (intent === "add") return addToWaitlist(staff, form, here);
  const done = await attempt<unknown>(() => {
    switch (intent) {
      case "offer":
        return staff.waitlist.offer({ gapId: textOf(form, "gapId"), ...(entryId === "" ? {} : { entryId }), key });
      case "accept":
      case "decline":
        return staff.waitlist.answer({ entryId, answer: intent, key });
      default:
        return staff.waitlist.withdraw({ entryId, key });
    }
  });
  if (!done.ok) return data({ problem: done.code } satisfies WaitAnswer, { status: 409 });
  throw redirect(here);
}

export const clientAction = ({ serverAction }: Route.ClientActionArgs) => keepTyped(() => serverAction());
export const shouldRevalidate = unlessUnreached;

const problems: Record<string, string> = {
  unreached: unreachedText,
  slot_taken: "This time was taken meanwhile. The list below is how it is now.",
  conflict: "Somebody else was quicker. The list below is how it is now.",
  not_offered: "This time cannot be given to them any more. The list below is how it is now.",
  not_found: "This offer is over. The list below is how it is now.",
  forbidden: "Your role does not allow this. Reception, an owner or a manager can.",
};

export default function Waitlist({ loaderData, actionData: sent }: Route.ComponentProps) {
  const actionData = useLastAnswer(sent);
  const { list, services, practitioners, zone, key } = loaderData;
  const { clinic } = useMe();
  const mayWrite = useMay("waitlist.write");
  const [params] = useSearchParams();
  const readAgain = useReadAgain();
  // Gaps, offers and answers arrive by themselves; nothing here holds typed text that a new list could overwrite.
  useLiveEvents<StaffEvent>((event) => {
    if (/^(?:waitlist|booking|service)\./.test(event.type)) readAgain();
  });
  const adding = params.get("add") === "1" && mayWrite;
  const problem = actionData !== undefined && "problem" in actionData ? actionData.problem : undefined;
  return (
    <>
      <title>{`${actionData === undefined ? "" : "Error: "}Waitlist, ${clinic.name}`}</title>
      <PageHead
        title="Waitlist"
        aside={
          mayWrite ? (
            <Link
              to={`${here}?add=1`}
              preventScrollReset
              className={buttonClass({ kind: adding ? "secondary" : "primary" })}
            >
              <Plus aria-hidden="true" className="size-4" />
              Add a person
            </Link>
          ) : undefined
        }
      >
        <p className="text-14 text-muted">
          A time that becomes free is offered to one person at a time, in this order, and kept for them meanwhile.
        </p>
      </PageHead>
      {problem === undefined || adding ? null : (
        <Notice tone="danger" role="alert" className="mb-4">
          {problems[problem] ?? "We could not do this. Nothing was changed; try again."}
        </Notice>
      )}
      <div className={cx("grid gap-5", adding && "xl:grid-cols-[minmax(0,1fr)_22rem]")}>
        <div className={cx("flex min-w-0 flex-col gap-5", adding && "max-xl:hidden")}>
          {list.gaps.length === 0 ? null : (
            <section aria-labelledby="gaps" className="flex flex-col gap-3">
              <h2 id="gaps" className="text-16 font-semibold">
                Times that became free
              </h2>
              {list.gaps.map((gap) => (
                <GapCard key={gap.id} gap={gap} zone={zone} idempotencyKey={`${key}.${gap.id}`} mayWrite={mayWrite} />
              ))}
            </section>
          )}
          <Waiting entries={list.entries} zone={zone} idempotencyKey={key} mayWrite={mayWrite} />
        </div>
        {adding ? (
          <WaitlistForm
            services={services}
            practitioners={practitioners}
            idempotencyKey={key}
            answer={actionData}
            problem={problem === undefined ? undefined : (problems[problem] ?? "We could not save this. Try again.")}
            closeHref={here}
          />
        ) : null}
      </div>
    </>
  );
}

type List = Staff["waitlist"]["list"];
type GapProps = { gap: List["gaps"][number]; zone: string; idempotencyKey: string; mayWrite: boolean };

function GapCard({ gap, zone, idempotencyKey, mayWrite }: GapProps) {
  const sent = useNavigation().formData?.get("key") === idempotencyKey;
  const asked = new Set(gap.asked.map(({ entryId }) => entryId));
  const left = gap.fits.filter(({ entryId }) => !asked.has(entryId) && entryId !== gap.offer?.entryId);
  const next = left[0];
  const minutes = Math.round((+gap.end - +gap.start) / 60_000);
  return (
    <Card
      id={`gap-${gap.id}`}
      level={3}
      title={`${formatRange(+gap.start, +gap.end, zone)}, ${gap.practitionerName}`}
      aside={
        <span className="text-13 text-muted tabular-nums">
          {gap.seat ? `a seat, ${minutes} min` : `${minutes} min`}
        </span>
      }
    >
      <Form method="post" preventScrollReset className="flex flex-col gap-3 px-4 py-3 text-14">
        <input type="hidden" name="gapId" value={gap.id} />
        <input type="hidden" name="key" value={idempotencyKey} />
        {gap.offer === null ? null : (
          <div className="flex flex-wrap items-center gap-2">
            <p className="min-w-0 flex-1 basis-56">
              Kept for <span className="font-semibold">{gap.offer.name}</span> until{" "}
              <span className="tabular-nums">{formatTime(+gap.offer.expiresAt, zone)}</span>. Then it goes to the next.
            </p>
            {mayWrite ? (
              <>
                <Button type="submit" name="intent" value={`accept ${gap.offer.entryId}`} pending={sent}>
                  They take it
                </Button>
                <Button type="submit" name="intent" value={`decline ${gap.offer.entryId}`} pending={sent}>
                  They cannot
                </Button>
              </>
            ) : null}
          </div>
        )}
        <p className="text-muted">
          {left.length === 0
            ? "Nobody else fits."
            : left.length === 1
              ? "1 fits."
              : `${left.length + gap.more} fit, in this order:`}
        </p>
        {left.length === 0 ? null : (
          <ol className="list-decimal space-y-1 pl-5 marker:text-muted">
            {left.map((one) => (
              <li key={one.entryId}>
                <span className="font-semibold">{one.name}</span> <span className="text-muted">{one.rank}</span>
                <span className="text-warning">{callText(one)}</span>
              </li>
            ))}
          </ol>
        )}
        {gap.more === 0 ? null : <p className="text-muted">and {gap.more} more</p>}
        {gap.asked.length === 0 ? null : (
          <p className="text-13 text-muted">
            Asked before:{" "}
            {gap.asked
              .map(({ name, state }) => `${name} (${state === "declined" ? "cannot" : "no answer"})`)
              .join(", ")}
          </p>
        )}
        {mayWrite && gap.offer === null && next !== undefined ? (
          <Button
            type="submit"
            name="intent"
            value={`offer ${next.entryId}`}
            kind="primary"
            pending={sent}
            pendingLabel="Offering…"
            className="self-start"
          >
            Offer to {next.name}
          </Button>
        ) : null}
      </Form>
    </Card>
  );
}

/** Why staff ask this person themselves; nothing where a mail does it. */
function callText({ reachable, silent }: { reachable: boolean; silent: boolean }): string {
  if (!reachable) return " no mail reaches them: call";
  return silent ? " did not answer twice: call" : "";
}

type WaitingProps = { entries: List["entries"]; zone: string; idempotencyKey: string; mayWrite: boolean };

function Waiting({ entries, zone, idempotencyKey, mayWrite }: WaitingProps) {
  if (entries.length === 0) {
    return (
      <EmptyState
        title="Nobody is waiting."
        next={mayWrite ? <Link to={`${here}?add=1`}>Add a person</Link> : undefined}
      >
        When a day is full, patients can put themselves here.
      </EmptyState>
    );
  }
  return (
    <Card title={entries.length === 1 ? "1 person waits" : `${entries.length} people wait`} id="waiting">
      <ul className="divide-y divide-border">
        {entries.map((entry) => (
          <li key={entry.entryId} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-14">
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-semibold break-words">
                {entry.name}
                {entry.urgency === 0 ? null : (
                  <span className="ml-2 rounded-input bg-warning-soft px-1.5 text-13 text-warning">
                    {urgencies[entry.urgency]?.label ?? "Urgent"}
                  </span>
                )}
                {entry.offered ? (
                  <span className="ml-2 rounded-input bg-info-soft px-1.5 text-13 text-info">has an offer</span>
                ) : null}
              </p>
              <p className="text-muted">
                {entry.serviceName}, {wishText(entry, zone)}
                {entry.reachable ? "" : ". No mail reaches them"}
                {entry.silent ? ". Did not answer twice" : ""}
              </p>
            </div>
            <span className="text-muted tabular-nums">{waitedText(entry.days)}</span>
            {mayWrite ? (
              <Form method="post" preventScrollReset>
                <input type="hidden" name="key" value={`${idempotencyKey}.${entry.entryId}`} />
                <Button
                  type="submit"
                  name="intent"
                  value={`withdraw ${entry.entryId}`}
                  kind="quiet"
                  aria-label={`Take ${entry.name} off the list`}
                >
                  Take off
                </Button>
              </Form>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/portal" homeName="Today" />;
}
