import { Button, HoldTimer, TextArea, TextField } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { time, when } from "../../../lib/format.ts";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import { ContactFields } from "../contact-fields.tsx";
import { FormBars } from "../live-bars.tsx";
import type { Route } from "./+types/details";
import { QuestionFields } from "./question-fields.tsx";
import { namingQuestions } from "./question-form.ts";
import { confirmHold, type DetailsOutcome, extendHold, nearestFree, questionsOf, takeOther } from "./confirm.server.ts";
import { detailsErrors, emptyDetails, readDetails } from "./details-form.ts";
import { DetailsProblem } from "./details-problem.tsx";
import { HeldCard, HeldLine } from "./held-choice.tsx";
import { LapsedHold } from "./lapsed-hold.tsx";
import { nearValue, readNear } from "./near-time.ts";

export async function loader({ context, params }: Route.LoaderArgs) {
  const booking = await orMissing(() => callerOf(context).patient.booking.get({ token: params.token }));
  if (booking.state !== "held" && booking.state !== "expired") throw redirect(`/b/${params.token}`, 303);
  if (booking.set?.kind === "family") throw redirect(`/hold/${params.token}/check`, 303);
  const now = pulse(context).ctx.s.now();
  const ended = booking.state === "expired" || (booking.holdExpiresAt !== null && booking.holdExpiresAt <= now);
  const caller = callerOf(context);
  const [near, questions] = await Promise.all([
    ended ? nearestFree(caller, booking) : [],
    questionsOf(caller, booking.service.id),
  ]);
  return { booking, ended, near, questions, now, formKey: newFormKey(), island: clinicIsland(context) };
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const form = await request.formData();
  const caller = callerOf(context);
  const intent = field(form, "intent");
  const details = readDetails(form);
  const typed = { details, formKey: field(form, "key") };
  if (intent === "extend") return answer({ ...typed, ...(await extendHold(caller, params.token)) });

  const errors = detailsErrors(details);
  if (errors.length > 0) return answer({ ...typed, code: "fields", errors });

  const near = readNear(field(form, "near"));
  const outcome = near
    ? await takeOther(caller, params.token, near, details, keyFor(typed.formKey, "book", nearValue(near)))
    : await confirmHold(caller, params.token, details, keyFor(typed.formKey, "confirm"));
  if ("to" in outcome) throw redirect(outcome.to, 303);
  return answer({ ...typed, ...outcome });
}

const STATUS: Record<string, number> = { extended: 200, fields: 422, rate_limited: 429, unavailable: 503 };

function answer(outcome: DetailsOutcome) {
  return data(outcome, { status: STATUS[outcome.code] ?? 409 });
}

/**
 * Everything about one person's booking is on this page, the time above the fields and again on the button: there is no
 * step after it to check it on. Nothing is paid here and all of it can be moved or cancelled from the page that follows,
 * so one more press would keep nobody from harm and lose some of those it is asked of. Several people do get that step:
 * their times were put together from page to page. A fee that is paid at once will bring it here too.
 */
export default function Details({ loaderData, actionData, params }: Route.ComponentProps) {
  const { booking, questions, island } = loaderData;
  const { name: clinicName } = useClinic();
  const lapsed = loaderData.ended || actionData?.code === "hold_expired" || actionData?.code === "slot_taken";
  const typed = actionData?.details ?? emptyDetails;
  const formKey = actionData?.formKey || loaderData.formKey;
  const error = (id: string) => actionData?.errors?.find((each) => each.id === id)?.text;
  const errors = namingQuestions(actionData?.errors ?? [], questions);
  const until = actionData?.expiresAt ?? booking.holdExpiresAt;
  const failed = actionData !== undefined && actionData.code !== "extended";
  return (
    <>
      <title>{`${failed ? "Error: " : ""}Your details · ${clinicName}`}</title>
      <FormBars />
      <form method="post" className="grid gap-8 lg:grid-cols-[minmax(0,36rem)_20rem] lg:gap-16">
        <div className="grid content-start gap-6">
          {/* Enter in a field presses a form's first button: that must be neither "5 min more" nor another time. */}
          <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
          <div>
            <h1 className="text-30 font-semibold tracking-tight">Your details</h1>
            <HeldLine booking={booking} />
          </div>
          {lapsed ? (
            <LapsedHold
              booking={booking}
              lost={actionData?.lost ?? booking.start}
              near={loaderData.near.length > 0 ? loaderData.near : (actionData?.near ?? [])}
              errors={errors}
              code={actionData?.code ?? "hold_expired"}
            />
          ) : (
            <>
              {failed ? <DetailsProblem code={actionData.code} errors={errors} /> : null}
              {until ? (
                <HoldTimer
                  until={time(until, booking.clinic.zone)}
                  untilIso={until.toISOString()}
                  nowIso={loaderData.now.toISOString()}
                  zone={booking.clinic.zone}
                  extensions={actionData?.code !== "hold_limit"}
                />
              ) : null}
            </>
          )}
          <input type="hidden" name="key" value={formKey} />
          <ContactFields typed={typed} error={error} emailHint="For the confirmation and the calendar file." />
          <TextField
            id="dependant"
            label="Who is coming, if not you"
            optional
            hint="A child or somebody you care for. We write to you; the visit is theirs."
            autoComplete="off"
            maxLength={200}
            defaultValue={typed.dependant}
            error={error("dependant")}
          />
          <TextArea
            id="reason"
            label="Reason"
            optional
            hint="Only the clinic sees this."
            maxLength={1000}
            defaultValue={typed.reason}
            error={error("reason")}
          />
          <QuestionFields questions={questions} answers={typed.answers} errors={actionData?.errors ?? []} />
          {lapsed ? null : (
            <div className="flex flex-wrap gap-3">
              <Button className="max-sm:w-full">Book {when(booking.start, booking.clinic.zone)}</Button>
              {booking.seat ? null : (
                <Button
                  kind="plain"
                  name="intent"
                  value="start"
                  formAction={`/hold/${params.token}/family`}
                  formNoValidate
                  className="max-sm:w-full"
                >
                  Someone else too
                </Button>
              )}
            </div>
          )}
        </div>
        <aside className="max-lg:hidden lg:pt-15">
          <HeldCard booking={booking} />
        </aside>
      </form>
      <Island script={island} />
    </>
  );
}
