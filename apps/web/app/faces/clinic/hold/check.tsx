import { Button, SummaryList, type SummaryRow } from "@pulsecal/ui/site";
import { redirect } from "react-router";
import { keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import type { Booking } from "../booking/booking-data.ts";
import { useClinic } from "../clinic-data.ts";
import { ContactFields } from "../contact-fields.tsx";
import { FormBars } from "../live-bars.tsx";
import type { Route } from "./+types/check";
import { fieldErrors, nearestFree, questionsOf } from "./confirm.server.ts";
import { bookAll } from "./family.server.ts";
import { bookingErrors, emptyParty, linesFor, namesOf, owesAnswers, type Party, startsOf } from "./party.ts";
import { answer, type PartyOutcome, readPartyForm, sharedStep } from "./party-action.server.ts";
import { Carried, OtherNames, PartyHold, PeopleTimes } from "./party-parts.tsx";
import { QuestionFields } from "./question-fields.tsx";
import { namingQuestions } from "./question-form.ts";

export async function loader({ context, params }: Route.LoaderArgs) {
  const caller = callerOf(context);
  const booking = await orMissing(() => caller.patient.booking.get({ token: params.token }));
  if (booking.state !== "held" && booking.state !== "expired") throw redirect(`/b/${params.token}`, 303);
  if (booking.set?.kind !== "family") throw redirect(`/hold/${params.token}/details`, 303);
  const [questions, near] = await Promise.all([
    questionsOf(caller, booking.service.id),
    booking.state === "expired" ? nearestFree(caller, booking) : [],
  ]);
  const now = pulse(context).ctx.s.now();
  return { booking, questions, near, now, formKey: newFormKey(), island: clinicIsland(context) };
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const { token } = params;
  const { caller } = pulse(context);
  const sent = await readPartyForm(request);
  const { typed, intent } = sent;
  const step = await sharedStep(pulse(context), { ...sent, request, token });
  if (step) return step;
  if (intent === "edit") return answer({ ...typed, code: "ok", edit: true });
  // The times have just been taken, and the form was sent on to be looked at.
  if (intent !== "book") return answer({ ...typed, code: "ok" });

  const booking = await orMissing(() => caller.patient.booking.get({ token }));
  const errors = bookingErrors(typed.party, startsOf(booking).length);
  if (errors.length > 0) return answer({ ...typed, code: "fields", errors });
  const end = await bookAll(caller, token, typed.party, keyFor(typed.formKey, "confirm"));
  if ("to" in end) throw redirect(end.to, 303);
  if (end.code === "invalid") return answer({ ...typed, code: "fields", errors: fieldErrors(end.detail["fields"]) });
  return answer({ ...typed, code: end.code, near: end.near });
}

/** The last look at what several people are booked for; what is missing can be filled in here. */
export default function Check({ loaderData, actionData, params }: Route.ComponentProps) {
  const { booking, questions, island } = loaderData;
  const { zone } = booking.clinic;
  const { name: clinicName } = useClinic();
  const outcome: PartyOutcome = actionData ?? { party: emptyParty, formKey: loaderData.formKey, code: "ok" };
  const { party, code } = outcome;
  const starts = startsOf(booking);
  const errors = namingQuestions(outcome.errors ?? [], questions, party.others);
  const required = questions.filter((each) => each.required);
  const error = (id: string) => outcome.errors?.find((each) => each.id === id)?.text;
  const owing = owesAnswers(party, questions);
  const open = outcome.edit || errors.length > 0 || owing || bookingErrors(party, starts.length).length > 0;
  const lapsed = code === "hold_expired" || booking.state === "expired";
  return (
    <>
      <title>{`${code === "ok" ? "" : "Error: "}Check your booking · ${clinicName}`}</title>
      <meta name="robots" content="noindex" />
      <FormBars />
      <form method="post" className="grid max-w-xl gap-6">
        <button type="submit" name="intent" value="book" hidden aria-hidden="true" tabIndex={-1} />
        <h1 className="text-30 font-semibold tracking-tight">Check your booking</h1>
        <PartyHold outcome={outcome} errors={errors} lapsed={lapsed} held={loaderData} />
        <input type="hidden" name="key" value={outcome.formKey} />
        <section aria-label="Who comes when" className="rounded-card border border-border bg-raised px-5 py-2.5">
          <PeopleTimes names={namesOf(party)} starts={starts} zone={zone} />
        </section>
        {open ? (
          <>
            <ContactFields
              typed={party.details}
              error={error}
              emailHint="For the confirmation and the calendar file."
            />
            <OtherNames lines={linesFor(party, starts.length - 1)} error={error} />
            <QuestionFields questions={questions} answers={party.details.answers} errors={outcome.errors ?? []} />
            {party.others.map(({ name, answers }, index) => (
              <QuestionFields
                // biome-ignore lint/suspicious/noArrayIndexKey: two people may have one name; the place tells them apart
                key={index}
                other={{ name, place: index + 1 }}
                questions={required}
                answers={answers}
                errors={outcome.errors ?? []}
              />
            ))}
            <input type="hidden" name="reason" value={party.details.reason} />
          </>
        ) : (
          <>
            <section aria-label="Details" className="rounded-card border border-border bg-raised p-5">
              <SummaryList rows={rowsOf(booking, party, clinicName)} />
            </section>
            <Carried party={party} />
          </>
        )}
        {lapsed ? null : (
          <div className="flex flex-wrap gap-3">
            <Button name="intent" value="book" className="max-sm:w-full">
              Book for {starts.length} people
            </Button>
            <Button
              kind="plain"
              name="intent"
              value="start"
              formAction={`/hold/${params.token}/family`}
              className="max-sm:w-full"
            >
              Change who is coming
            </Button>
            {open ? null : (
              <Button kind="plain" name="intent" value="edit" className="max-sm:w-full">
                Change your details
              </Button>
            )}
          </div>
        )}
        <p className="text-16 text-muted">You are booked together, or not at all.</p>
      </form>
      <Island script={island} />
    </>
  );
}

function rowsOf(booking: Booking, { details }: Party, clinicName: string): SummaryRow[] {
  return [
    { key: "What", value: `${booking.service.name}, ${booking.minutes} minutes each` },
    { key: "Where", value: clinicName },
    { key: "Cell", value: details.phone },
    { key: "Email", value: details.email },
    { key: "Reason", value: details.reason },
  ].filter((row) => row.value !== "");
}
