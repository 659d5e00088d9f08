import { Button, ButtonLink, ErrorSummary, TextArea } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { when } from "../../../lib/format.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { FormBars } from "../live-bars.tsx";
import { attempt, orMissing } from "../../../lib/refusal.server.ts";
import { callerOf } from "../../../lib/trpc.server.ts";
import type { Route } from "./+types/cancel";
import { Call } from "./later.tsx";

export async function loader({ context, params }: Route.LoaderArgs) {
  const booking = await orMissing(() => callerOf(context).patient.booking.get({ token: params.token }));
  // A booking that is over has nothing to cancel; its own page says what it is.
  if (booking.state !== "confirmed" && booking.state !== "requested") throw redirect(`/b/${params.token}`, 303);
  return { booking, formKey: newFormKey(), island: clinicIsland(context) };
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const form = await request.formData();
  const reason = field(form, "reason");
  const result = await attempt(() =>
    callerOf(context).patient.booking.cancel({
      token: params.token,
      reason: reason || undefined,
      key: keyFor(field(form, "key"), "cancel"),
    }),
  );
  if (result.ok) throw redirect(`/b/${params.token}`, 303);
  if (result.code === "not_found") throw data(null, { status: 404 });
  return data({ code: result.code, reason }, { status: 409 });
}

export default function CancelBooking({ loaderData, actionData, params }: Route.ComponentProps) {
  const { booking, formKey, island } = loaderData;
  const { clinic } = booking;
  const words = when(booking.start, clinic.zone);
  return (
    <form method="post" className="mx-auto grid max-w-2xl gap-6">
      <title>{`${actionData ? "Error: " : ""}Cancel ${words}? · ${clinic.name}`}</title>
      <meta name="robots" content="noindex" />
      <FormBars />
      <h1 className="text-30 font-semibold tracking-tight text-balance">
        Cancel <span className="inline-block">{words}?</span>
      </h1>
      {actionData ? <Problem code={actionData.code} phone={clinic.phone} /> : null}
      <p className="text-18">
        Your visit with {booking.practitioner.name} is given up and the time becomes free for someone else.
      </p>
      <input type="hidden" name="key" value={formKey} />
      {booking.canCancel ? (
        <>
          <TextArea
            id="reason"
            label="Reason"
            optional
            hint="You need not give one. Only the clinic sees it."
            maxLength={1000}
            defaultValue={actionData?.reason}
          />
          <div className="flex flex-wrap gap-3">
            <Button kind="danger" className="max-sm:w-full">
              Yes, cancel it
            </Button>
            <ButtonLink kind="plain" href={`/b/${params.token}`} className="max-sm:w-full">
              Keep my booking
            </ButtonLink>
          </div>
        </>
      ) : (
        <>
          <TooLate phone={clinic.phone} />
          <ButtonLink kind="plain" href={`/b/${params.token}`} className="justify-self-start">
            Go back
          </ButtonLink>
        </>
      )}
      <Island script={island} />
    </form>
  );
}

function TooLate({ phone }: { phone: string | null }) {
  return (
    <p className="text-18">
      It is too late to cancel here. <Call phone={phone} />
    </p>
  );
}

function Problem({ code, phone }: { code: string; phone: string | null }) {
  if (code === "too_late_to_cancel" || code === "not_cancellable")
    return (
      <ErrorSummary title="You still have this booking">
        <TooLate phone={phone} />
      </ErrorSummary>
    );
  return (
    <ErrorSummary title="We could not cancel it just now">
      You still have this booking. Try again in a moment.
    </ErrorSummary>
  );
}
