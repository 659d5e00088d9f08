import { Button, ButtonLink, CheckboxField, ErrorSummary, type FieldError, TextField } from "@pulsecal/ui/site";
import { data, redirect } from "react-router";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { FormBars } from "../live-bars.tsx";
import { attempt, orMissing } from "../../../lib/refusal.server.ts";
import { callerOf } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import { ContactFields } from "../contact-fields.tsx";
import type { Route } from "./+types/join";
import { emptyWish, PARTS, readWish, WEEKDAYS, wishErrors, wishInput } from "./join-form.ts";

export async function loader({ context, params, url }: Route.LoaderArgs) {
  const { services, practitioners } = await orMissing(() => callerOf(context).public.booking.catalog());
  const service = services.find((each) => each.id === params.service);
  if (!service) throw data(null, { status: 404 });
  const asked = url.searchParams.get("who");
  const who = practitioners.find(({ id }) => id === asked && service.practitionerIds.includes(id));
  return { service, who: who ?? null, formKey: newFormKey(), island: clinicIsland(context) };
}

export async function action({ context, params, request, url }: Route.ActionArgs) {
  const form = await request.formData();
  const wish = readWish(form);
  const formKey = field(form, "key");
  const errors = wishErrors(wish);
  if (errors.length > 0) return data({ wish, formKey, errors, code: "fields" }, { status: 422 });
  const who = url.searchParams.get("who") ?? "any";
  const result = await attempt(() =>
    callerOf(context).public.waitlist.join({
      serviceId: params.service,
      who,
      ...wishInput(wish),
      // Another wish is another request, even from the same page.
      key: keyFor(formKey, "join"),
    }),
  );
  if (result.ok) throw redirect(`/w/${result.value.token}`, 303);
  if (result.code === "not_found") throw data(null, { status: 404 });
  const none: FieldError[] = [];
  return data(
    { wish, formKey: newFormKey(), errors: none, code: result.code },
    { status: result.code === "rate_limited" ? 429 : 409 },
  );
}

/** Ask to be told when a time comes free: who, how to reach them, and when they could come. */
export default function JoinWaitlist({ loaderData, actionData, params }: Route.ComponentProps) {
  const { service, who, island } = loaderData;
  const { name: clinicName } = useClinic();
  const wish = actionData?.wish ?? emptyWish;
  const error = (id: string) => actionData?.errors.find((each) => each.id === id)?.text;
  return (
    <form method="post" className="mx-auto grid max-w-2xl gap-6">
      <title>{`${actionData ? "Error: " : ""}Join the waitlist · ${clinicName}`}</title>
      <FormBars />
      <div>
        <p className="text-16 text-muted">
          {service.name}, {service.minutes} minutes{who ? `, with ${who.name}` : ""}
        </p>
        <h1 className="mt-1 text-30 font-semibold tracking-tight text-balance">Join the waitlist</h1>
        <p className="mt-2 text-18 text-muted text-pretty">
          When a time comes free we keep it for one person at a time, in order. We write to you when it is your turn.
        </p>
      </div>
      {actionData ? <Problem code={actionData.code} errors={actionData.errors} /> : null}
      <input type="hidden" name="key" value={actionData?.formKey || loaderData.formKey} />
      <ContactFields typed={wish} error={error} emailHint="Where a free time reaches you soonest." />
      <CheckboxField
        name="days"
        label="Which days suit you?"
        hint="Leave all empty for any day."
        options={WEEKDAYS}
        values={wish.days}
      />
      <CheckboxField
        name="parts"
        label="Which part of the day?"
        hint="Leave all empty for any time."
        options={Object.entries(PARTS).map(([value, { label }]) => ({ value, label }))}
        values={wish.parts}
      />
      <div className="grid gap-6 sm:grid-cols-2">
        <TextField
          id="notBefore"
          label="From"
          type="date"
          optional
          className="tabular"
          defaultValue={wish.notBefore}
          error={error("notBefore")}
        />
        <TextField
          id="notAfter"
          label="Until"
          type="date"
          optional
          className="tabular"
          defaultValue={wish.notAfter}
          error={error("notAfter")}
        />
      </div>
      <div className="flex flex-wrap gap-3">
        <Button className="max-sm:w-full">Join the waitlist</Button>
        <ButtonLink kind="plain" href={`/book/${params.service}/${who?.id ?? "any"}`} className="max-sm:w-full">
          Back to the times
        </ButtonLink>
      </div>
      <Island script={island} />
    </form>
  );
}

function Problem({ code, errors }: { code: string; errors: readonly FieldError[] }) {
  if (code === "fields") return <ErrorSummary errors={errors} />;
  if (code === "rate_limited")
    return (
      <ErrorSummary title="That was a lot of tries">Your text is kept. Wait a minute, then try again.</ErrorSummary>
    );
  return <ErrorSummary title="You are not on the list yet">Your text is kept. Try again in a moment.</ErrorSummary>;
}
