import { Button, TextField, TextLink } from "@pulsecal/ui/site";
import { redirect } from "react-router";
import { when } from "../../../lib/format.ts";
import { field, keyFor, newFormKey } from "../../../lib/form.ts";
import { Island } from "../../../lib/island.tsx";
import { clinicIsland } from "../../../lib/island.server.ts";
import { orMissing } from "../../../lib/refusal.server.ts";
import { callerOf, pulse } from "../../../lib/trpc.server.ts";
import { useClinic } from "../clinic-data.ts";
import { FormBars } from "../live-bars.tsx";
import type { Route } from "./+types/family";
import { nearestFree } from "./confirm.server.ts";
import { propose, takeAll } from "./family.server.ts";
import { emptyParty, isFull, linesFor, namesOf, partyErrors, readVisits, visitsValue } from "./party.ts";
import { answer, type PartyOutcome, readPartyForm, sharedStep } from "./party-action.server.ts";
import { Carried, OtherNames, PartyHold, Proposals } from "./party-parts.tsx";

export async function loader({ context, params }: Route.LoaderArgs) {
  const caller = callerOf(context);
  const booking = await orMissing(() => caller.patient.booking.get({ token: params.token }));
  if (booking.state !== "held" && booking.state !== "expired") throw redirect(`/b/${params.token}`, 303);
  const near = booking.state === "expired" ? await nearestFree(caller, booking) : [];
  return { booking, near, now: pulse(context).ctx.s.now(), formKey: newFormKey(), island: clinicIsland(context) };
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const { token } = params;
  const { caller } = pulse(context);
  const sent = await readPartyForm(request);
  const { form, typed, intent } = sent;
  const step = await sharedStep(pulse(context), { ...sent, request, token });
  if (step) return step;
  if (intent === "more") return answer({ ...typed, code: "ok", more: true });

  const visits = readVisits(field(form, "visits"));
  if (visits) {
    const taken = await takeAll(caller, token, visits, keyFor(typed.formKey, "take", visitsValue(visits)));
    // 307 sends the same form on to be looked at.
    if ("token" in taken) throw redirect(`/hold/${taken.token}/check`, 307);
    return answer({ ...typed, ...taken });
  }
  if (intent !== "find") return answer({ ...typed, code: "ok" });
  const errors = partyErrors(typed.party);
  if (errors.length > 0) return answer({ ...typed, code: "fields", errors });
  const found = await propose(caller, token, namesOf(typed.party).length);
  return answer("code" in found ? { ...typed, ...found } : { ...typed, code: "ok", proposal: found });
}

/** Who comes along, and the times at which all of them can: kept together, or not at all. */
export default function Family({ loaderData, actionData, params }: Route.ComponentProps) {
  const { booking, island } = loaderData;
  const { zone } = booking.clinic;
  const { name: clinicName } = useClinic();
  const outcome: PartyOutcome = actionData ?? { party: emptyParty, formKey: loaderData.formKey, code: "ok" };
  const { party, code, errors = [] } = outcome;
  const error = (id: string) => errors.find((each) => each.id === id)?.text;
  const lines = linesFor(party, party.others.length + (outcome.more ? 1 : 0));
  const lapsed = code === "hold_expired" || booking.state === "expired";
  return (
    <>
      <title>{`${code === "ok" ? "" : "Error: "}Who is coming? · ${clinicName}`}</title>
      <FormBars />
      <form method="post" action={`/hold/${params.token}/family`} className="grid max-w-xl gap-6">
        {/* Enter in a field presses a form's first button: that must be this one. */}
        <button type="submit" name="intent" value="find" hidden aria-hidden="true" tabIndex={-1} />
        <div>
          <h1 className="text-30 font-semibold tracking-tight">Who is coming?</h1>
          <p className="mt-2 text-18 text-muted">
            {booking.service.name}, around <span className="tabular text-text">{when(booking.start, zone)}</span>
          </p>
        </div>
        <PartyHold outcome={outcome} errors={errors} lapsed={lapsed} held={loaderData} />
        <input type="hidden" name="key" value={outcome.formKey} />
        <Carried party={party} except={["name", "other-"]} />
        <TextField
          id="name"
          label="Your name"
          autoComplete="name"
          maxLength={200}
          defaultValue={party.details.name}
          error={error("name")}
        />
        <OtherNames lines={lines} error={error} />
        {isFull(lines) ? null : (
          <Button kind="plain" name="intent" value="more" className="max-sm:w-full sm:justify-self-start">
            Add another person
          </Button>
        )}
        {outcome.proposal && !lapsed ? <Proposals proposal={outcome.proposal} party={party} zone={zone} /> : null}
        {lapsed ? null : (
          <Button
            kind={outcome.proposal ? "plain" : "main"}
            name="intent"
            value="find"
            className="max-sm:w-full sm:justify-self-start"
          >
            {outcome.proposal ? "Look again" : "Find times for everybody"}
          </Button>
        )}
        <p className="text-16 text-muted">
          You are booked together, or not at all. Only you?{" "}
          <TextLink href={`/hold/${params.token}/details`}>Back to your details</TextLink>
        </p>
      </form>
      <Island script={island} />
    </>
  );
}
