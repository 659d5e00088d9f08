import { Button, HoldTimer, TextArea, TextField } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { time, when } from "../../../lib/format.ts";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import type { Route } from "./+types/details";
import { confirmHold, type DetailsOutcome, extendHold, nearestFree, takeOther } from "./confirm.server.ts";
import { detailsErrors, emptyDetails, readDetails } from "./details-form.ts";
import { DetailsProblem } from "./details-problem.tsx";
import { HeldCard, HeldLine } from "./held-choice.tsx";
import { LapsedHold } from "./lapsed-hold.tsx";
import { readNear } from "./near-time.ts";

export async function loader({ context, params }: Route.LoaderArgs) {
  const booking = await orMissing(() => callerOf(context).patient.booking.get({ token: params.token }));
  if (booking.state !== "held" && booking.state !== "expired") throw redirect(`/b/${params.token}`, 303);
  const now = pulse(context).ctx.s.now();
  const ended = booking.state === "expired" || (booking.holdExpiresAt !== null && booking.holdExpiresAt <= now);
  const near = ended ? await nearestFree(callerOf(context), booking) : [];
  return { booking, ended, near, now, formKey: newFormKey(), island: clinicIsland(context) };
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const form = await request.formData();
  const caller = callerOf(context);
  const intent = field(form, "intent");
  const details = readDetails(form);
  const typed = { details, formKey: field(form, "key"), chosen: field(form, "near") };
  if (intent === "extend") return answer({ ...typed, ...(await extendHold(caller, params.token)) });

  const errors = detailsErrors(details);
  if (errors.length > 0) return answer({ ...typed, code: "fields", errors });

  const near = intent === "other" ? readNear(typed.chosen) : null;
  const outcome = near
    ? await takeOther(caller, params.token, near, details, keyFor(typed.formKey, "book", typed.chosen))
    : await confirmHold(caller, params.token, details, keyFor(typed.formKey, "confirm"));
  if ("to" in outcome) throw redirect(outcome.to, 303);
  return answer({ ...typed, ...outcome });
}

const STATUS: Record<string, number> = { extended: 200, fields: 422, rate_limited: 429, unavailable: 503 };

function answer(outcome: DetailsOutcome) {
  return data(outcome, { status: STATUS[outcome.code] ?? 409 });
}

export default function Details({ loaderData, actionData }: Route.ComponentProps) {
  const { booking, island } = loaderData;
  const { name: clinicName } = useClinic();
  const lapsed = loaderData.ended || actionData?.code === "hold_expired" || actionData?.code === "slot_taken";
  const typed = actionData?.details ?? emptyDetails;
  const formKey = actionData?.formKey || loaderData.formKey;
  const error = (id: string) => actionData?.errors?.find((each) => each.id === id)?.text;
  const until = actionData?.expiresAt ?? booking.holdExpiresAt;
  const failed = actionData !== undefined && actionData.code !== "extended";
  return (
    <>
      <title>{`${failed ? "Error: " : ""}Your details · ${clinicName}`}</title>
      <p role="status" data-live-region="" className="sr-only" />
      <form method="post" className="grid gap-8 lg:grid-cols-[minmax(0,36rem)_20rem] lg:gap-16">
        <div className="grid content-start gap-6">
          {/* Enter in a field presses a form's first button: that must be Book, not "5 min more". */}
          {lapsed ? null : <button type="submit" hidden aria-hidden="true" tabIndex={-1} />}
          <div>
            <h1 className="text-30 font-semibold tracking-tight">Your details</h1>
            <HeldLine booking={booking} />
          </div>
          {lapsed ? (
            <LapsedHold
              booking={booking}
              near={loaderData.near.length > 0 ? loaderData.near : (actionData?.near ?? [])}
              errors={actionData?.errors ?? []}
              chosen={actionData?.chosen ?? ""}
              code={actionData?.code ?? "hold_expired"}
            />
          ) : (
            <>
              {failed ? <DetailsProblem outcome={actionData} /> : null}
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
          <TextField
            id="name"
            label="Your name"
            autoComplete="name"
            maxLength={200}
            defaultValue={typed.name}
            error={error("name")}
          />
          <fieldset className="grid gap-6">
            <legend className="sr-only">How we reach you</legend>
            <p className="text-16 text-muted">A cell number or an email: one is enough.</p>
            <TextField
              id="phone"
              label="Cell number"
              type="tel"
              inputMode="tel"
              autoComplete="tel"
              maxLength={40}
              className="tabular"
              defaultValue={typed.phone}
              error={error("phone")}
            />
            <TextField
              id="email"
              label="Email"
              type="email"
              autoComplete="email"
              maxLength={320}
              hint="For the confirmation and the calendar file."
              defaultValue={typed.email}
              error={error("email")}
            />
          </fieldset>
          <TextArea
            id="reason"
            label="Reason"
            optional
            hint="Only the clinic sees this."
            maxLength={1000}
            defaultValue={typed.reason}
            error={error("reason")}
          />
          {lapsed ? null : (
            <Button className="max-sm:w-full sm:justify-self-start">
              Book {when(booking.start, booking.clinic.zone)}
            </Button>
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
