import { Button, ButtonLink, ErrorSummary, TextField } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { attempt, orMissing } from "../../../lib/refusal.server.ts";
import { callerOf } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import type { Route } from "./+types/calendar-address";

export async function loader({ context, params }: Route.LoaderArgs) {
  const { address } = await orMissing(() => callerOf(context).patient.feeds.get({ token: params.token }));
  return { address, formKey: newFormKey() };
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const form = await request.formData();
  const { feeds } = callerOf(context).patient;
  const stop = field(form, "intent") === "stop";
  const input = { token: params.token, key: keyFor(field(form, "key"), stop ? "stop" : "make") };
  const result = await attempt(() => (stop ? feeds.revoke(input) : feeds.create(input)));
  if (result.ok) throw redirect(`/b/${params.token}/calendar`, 303);
  if (result.code === "not_found") throw data(null, { status: 404 });
  return data({ code: result.code }, { status: 409 });
}

/** The address under which a patient's calendar program reads their bookings here, by itself and again. */
export default function CalendarAddress({ loaderData, actionData, params }: Route.ComponentProps) {
  const { address, formKey } = loaderData;
  const { name } = useClinic();
  return (
    <form method="post" className="mx-auto grid max-w-2xl gap-6">
      <title>{`${actionData ? "Error: " : ""}Your calendar address · ${name}`}</title>
      <meta name="robots" content="noindex" />
      <h1 className="text-30 font-semibold tracking-tight text-balance">Your calendar address</h1>
      {actionData ? <ErrorSummary title="That did not work just now">Try again in a moment.</ErrorSummary> : null}
      <input type="hidden" name="key" value={formKey} />
      {address ? <Address address={address} /> : <NoAddress />}
      <ButtonLink kind="plain" href={`/b/${params.token}`} className="max-sm:w-full sm:justify-self-start">
        Back to the booking
      </ButtonLink>
    </form>
  );
}

function Address({ address }: { address: string }) {
  return (
    <>
      <p className="text-18">
        Add this address to your calendar app. Your bookings here then appear in it, move when they move and go when
        they are cancelled.
      </p>
      <TextField
        id="address"
        label="Address"
        hint="Whoever has it can see when you are here. Keep it to yourself."
        readOnly
        defaultValue={address}
        autoComplete="off"
        spellCheck={false}
        className="text-16"
      />
      <div className="flex flex-wrap gap-3">
        <ButtonLink href={address.replace(/^https?:/, "webcal:")} className="max-sm:w-full">
          Open in my calendar
        </ButtonLink>
        <Button kind="plain" name="intent" value="stop" className="max-sm:w-full">
          Stop this address
        </Button>
      </div>
    </>
  );
}

function NoAddress() {
  return (
    <>
      <p className="text-18">
        With an address of your own, your calendar app shows your bookings here and keeps them up to date. You can stop
        it at any time.
      </p>
      <Button className="max-sm:w-full sm:justify-self-start">Make an address</Button>
    </>
  );
}
