import { Button, ButtonLink, ErrorSummary, type FieldError, SummaryList } from "@pulsecal/ui/site";
import type { ReactNode } from "react";
import { data, redirect } from "react-router";
import { dayParts, range, time, when } from "../../../lib/format.ts";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { attempt, orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { ToneMark } from "../booking/tone-mark.tsx";
import { fieldErrors, questionsOf } from "../hold/confirm.server.ts";
import { QuestionFields } from "../hold/question-fields.tsx";
import { answersInput, namingQuestions, readAnswers } from "../hold/question-form.ts";
import { LiveBars } from "../live-bars.tsx";
import { livePlace } from "../live-page.server.ts";
import type { Route } from "./+types/entry";
import { canComeWords } from "./can-come-words.ts";

export async function loader({ context, params }: Route.LoaderArgs) {
  const place = await livePlace(context);
  const entry = await orMissing(() => callerOf(context).patient.waitlist.get({ token: params.token }));
  if (entry.bookingToken) throw redirect(`/b/${entry.bookingToken}`, 303);
  const questions = entry.offer ? await questionsOf(callerOf(context), entry.service.id) : [];
  return {
    entry,
    questions,
    formKey: newFormKey(),
    now: pulse(context).ctx.s.now(),
    place,
    island: clinicIsland(context),
  };
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const form = await request.formData();
  const intent = field(form, "intent");
  const { waitlist } = callerOf(context).patient;
  const input = { token: params.token, key: keyFor(field(form, "key"), intent) };
  const answers = readAnswers(form);
  const result = await attempt(async () => {
    if (intent === "accept")
      return { to: `/b/${(await waitlist.accept({ ...input, answers: answersInput(answers) })).token}` };
    await (intent === "decline" ? waitlist.decline(input) : waitlist.withdraw(input));
    return { to: `/w/${params.token}` };
  });
  if (result.ok) throw redirect(result.value.to, 303);
  if (result.code === "not_found") throw data(null, { status: 404 });
  if (result.code === "invalid")
    return data({ code: "fields", answers, errors: fieldErrors(result.detail["fields"]) }, { status: 422 });
  return data({ code: result.code, answers, errors: [] as FieldError[] }, { status: 409 });
}

type Entry = Route.ComponentProps["loaderData"]["entry"];
type Offer = NonNullable<Entry["offer"]>;

/** One's own place on the waitlist: what is offered right now, or that one is on the list, or off it. */
export default function WaitlistEntry({ loaderData, actionData }: Route.ComponentProps) {
  const { entry, questions, formKey, now, place, island } = loaderData;
  const { title, text } = wordsOf(entry);
  const live = entry.state === "waiting";
  return (
    <>
      <LiveBars asOf={time(now, entry.clinic.zone)} />
      <form
        method="post"
        data-swap=""
        data-live-page={live ? "patient.live.waitlist" : ""}
        data-cursor={place}
        data-zone={entry.clinic.zone}
        data-say={`${title}. ${text}`}
        className="mx-auto grid max-w-2xl gap-6"
      >
        <title>{`${actionData ? "Error: " : ""}${title} · ${entry.clinic.name}`}</title>
        <meta name="robots" content="noindex" />
        {actionData?.code === "fields" ? <ErrorSummary errors={namingQuestions(actionData.errors, questions)} /> : null}
        {actionData && actionData.code !== "fields" ? <Gone waits={entry.state === "waiting"} /> : null}
        <input type="hidden" name="key" value={formKey} />
        <div className="flex flex-wrap items-start gap-4">
          <ToneMark tone={entry.state === "withdrawn" ? "over" : "waiting"} />
          <div className="min-w-0 flex-1 basis-48">
            <h1 tabIndex={-1} className="text-30 font-semibold tracking-tight text-balance">
              {title}
            </h1>
            <p className="mt-1 text-18 text-muted text-pretty">{text}</p>
          </div>
        </div>
        {entry.offer ? (
          <OfferCard offer={entry.offer} zone={entry.clinic.zone} asks={entry.approval}>
            <QuestionFields
              questions={questions}
              answers={actionData?.answers ?? {}}
              errors={actionData?.errors ?? []}
            />
          </OfferCard>
        ) : null}
        <section aria-label="What you wait for" className="rounded-card border border-border bg-raised p-5 sm:p-6">
          <SummaryList rows={rowsOf(entry)} />
        </section>
        {entry.state === "waiting" ? (
          <Button kind="plain" name="intent" value="withdraw" className="max-sm:w-full sm:justify-self-start">
            Leave the waitlist
          </Button>
        ) : (
          <ButtonLink href={`/book/${entry.service.id}`} className="max-sm:w-full sm:justify-self-start">
            Book a time
          </ButtonLink>
        )}
      </form>
      {live ? <Island script={island} /> : null}
    </>
  );
}

function OfferCard({
  offer,
  zone,
  asks,
  children,
}: {
  offer: Offer;
  zone: string;
  /** the clinic answers by hand: the offer becomes a request */
  asks: boolean;
  children: ReactNode;
}) {
  return (
    <section aria-label="Offer" className="rounded-card border-2 border-brand bg-brand-soft p-5 sm:p-6">
      <p className="tabular text-24 font-semibold tracking-tight">{range(offer.start, offer.end, zone)}</p>
      <p className="mt-1 text-18">{offer.practitionerName}</p>
      {asks ? <p className="mt-1 text-18">The clinic confirms this kind of visit by hand, and tells you.</p> : null}
      <div className="mt-5 empty:hidden">{children}</div>
      <div className="mt-5 flex flex-wrap gap-3">
        <Button name="intent" value="accept" className="max-sm:w-full">
          {asks ? "Ask for this time" : "Yes, book it"}
        </Button>
        <Button kind="plain" name="intent" value="decline" className="max-sm:w-full">
          No, keep me on the list
        </Button>
      </div>
    </section>
  );
}

function wordsOf({ state, offer, clinic }: Entry): { title: string; text: string } {
  if (state === "withdrawn") return { title: "You are off the waitlist", text: "We will not write to you about it." };
  if (offer)
    return {
      title: "A time came free for you",
      text: `We keep it for you until ${time(offer.expiresAt, clinic.zone)}. Then the next person is asked, and you stay on the list.`,
    };
  return {
    title: "You are on the waitlist",
    text: "We write to you when a time that suits you comes free and it is your turn.",
  };
}

function rowsOf(entry: Entry) {
  const { zone } = entry.clinic;
  const days = [
    entry.notBefore ? `from ${dayParts(entry.notBefore).short}` : "",
    entry.notAfter ? `until ${dayParts(entry.notAfter).short}` : "",
  ].filter(Boolean);
  return [
    { key: "What", value: `${entry.service.name}, ${entry.service.minutes} minutes` },
    { key: "Who", value: entry.who ?? "First free doctor" },
    { key: "When", value: canComeWords(entry.canCome) },
    ...(days.length > 0
      ? [{ key: "Days", value: <span className="first-letter:uppercase">{days.join(", ")}</span> }]
      : []),
    { key: "Since", value: when(entry.since, zone) },
  ];
}

function Gone({ waits }: { waits: boolean }) {
  return (
    <ErrorSummary title="That time is not kept for you any more">
      {waits ? "You are still on the list, in your place." : "You can book a time yourself."}
    </ErrorSummary>
  );
}
