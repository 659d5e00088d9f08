import { Button, ButtonLink, ErrorSummary, type FieldError, HoldTimer, TextField } from "@pulsecal/ui/site";
import { dayParts, list, time, when } from "../../../lib/format.ts";
import { dayOf } from "@pulsecal/core";
import { type NearTime, nearValue } from "./near-time.ts";
import { namesOf, otherField, type Party, partyFields, visitsValue } from "./party.ts";
import type { Booking } from "../booking/booking-data.ts";
import type { Proposal } from "./family.server.ts";
import type { PartyOutcome } from "./party-action.server.ts";

/** Everything typed so far, carried unseen; names of fields the page shows itself are left out. */
export function Carried({ party, except = [] }: { party: Party; except?: readonly string[] }) {
  return partyFields(party)
    .filter(([name]) => !except.some((shown) => name === shown || (shown === "other-" && name.startsWith(shown))))
    .map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}

/** A line for each other person. */
export function OtherNames({ lines, error }: { lines: readonly string[]; error: (id: string) => string | undefined }) {
  return lines.map((name, index) => (
    <TextField
      // The lines are told apart by their place alone.
      // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name
      key={index}
      id={otherField(index)}
      label={index === 0 ? "Who else is coming?" : `Person ${index + 2}`}
      autoComplete="off"
      maxLength={200}
      defaultValue={name}
      error={error(otherField(index))}
    />
  ));
}

/** What can be had for everybody: each set of times is one press. */
export function Proposals({ proposal, party, zone }: { proposal: Proposal; party: Party; zone: string }) {
  const sets = proposal.together ? [proposal.together] : proposal.apart;
  if (sets.length === 0)
    return (
      <p className="text-18">
        There are no times for all of you near this one. Choose another day, or book one after the other.
      </p>
    );
  return (
    <section aria-labelledby="proposals" className="grid gap-3">
      <h2 id="proposals" className="text-20 font-semibold">
        {proposal.together ? "You can all come together" : "Not one after the other, but like this"}
      </h2>
      {sets.map((visits) => (
        <div key={visitsValue(visits)} className="rounded-card border border-border bg-raised p-5">
          <PeopleTimes names={namesOf(party)} starts={visits.map(({ start }) => start)} zone={zone} />
          <Button name="visits" value={visitsValue(visits)} className="mt-4 max-sm:w-full">
            Keep {shortly(visits, zone)}
          </Button>
        </div>
      ))}
    </section>
  );
}

/** Who comes when. */
export function PeopleTimes({
  names,
  starts,
  zone,
}: {
  names: readonly string[];
  starts: readonly Date[];
  zone: string;
}) {
  return (
    <ul className="divide-y divide-border">
      {starts.map((start, index) => (
        // Two people may come at the same time in two rooms: the place in the list is what tells them apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={index} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5 text-18">
          <span>{names[index] || `Person ${index + 1}`}</span>
          <span className="tabular font-semibold">{when(start, zone)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The held times are gone; nothing typed is. A near time begins again. */
function PartyLapsed({ near, zone, serviceId }: { near: readonly NearTime[]; zone: string; serviceId: string }) {
  return (
    <ErrorSummary title="We could not keep these times any longer">
      <p>Your text is kept. Nothing is booked yet.</p>
      {near.length > 0 ? (
        <>
          <p className="mt-2">Press a free time to look again from there.</p>
          <div className="mt-3 flex flex-wrap gap-3">
            {near.map((each) => (
              <Button
                key={nearValue(each)}
                kind="plain"
                name="near"
                value={nearValue(each)}
                className="tabular max-sm:w-full"
              >
                {when(each.start, zone)}
              </Button>
            ))}
          </div>
        </>
      ) : (
        <ButtonLink kind="plain" href={`/book/${serviceId}/any`} className="mt-3 max-sm:w-full">
          Choose another time
        </ButtonLink>
      )}
    </ErrorSummary>
  );
}

/** What stopped a step; whatever it was, the typed text stays. */
function PartyProblem({ code, errors }: { code: string; errors: readonly FieldError[] }) {
  switch (code) {
    case "ok":
      return null;
    case "fields":
      return <ErrorSummary errors={errors} />;
    case "slot_taken":
      return (
        <ErrorSummary title="Someone took one of these times while you were choosing">
          You still have the time you began with. Here is what is free now.
        </ErrorSummary>
      );
    case "rate_limited":
      return (
        <ErrorSummary title="That was a lot of tries">Your text is kept. Wait a minute, then try again.</ErrorSummary>
      );
    case "hold_limit":
      return (
        <ErrorSummary title="This cannot be held any longer">Your text is kept. Go on from here now.</ErrorSummary>
      );
    default:
      return (
        <ErrorSummary title="That did not work just now">
          Your text is kept and nothing was booked. Try again in a moment.
        </ErrorSummary>
      );
  }
}

/** "Tue 24 Nov, 10:00 and 10:20"; on several days each with its own. */
function shortly(visits: readonly NearTime[], zone: string): string {
  const days = new Set(visits.map(({ start }) => dayOf(start.getTime(), zone)));
  const [day] = days;
  if (days.size > 1 || day === undefined) return list(visits.map(({ start }) => when(start, zone)));
  return `${dayParts(day).short}, ${list([...new Set(visits.map(({ start }) => time(start, zone)))])}`;
}

type Held = { booking: Booking; near: readonly NearTime[]; now: Date };

/** How the held times stand: the time that is left, what is wrong with the form, or what else is free once they are gone. */
export function PartyHold({
  outcome,
  errors,
  lapsed,
  held: { booking, near, now },
}: {
  outcome: Pick<PartyOutcome, "code" | "near" | "expiresAt">;
  errors: FieldError[];
  lapsed: boolean;
  held: Held;
}) {
  const { zone } = booking.clinic;
  const until = outcome.expiresAt ?? booking.holdExpiresAt;
  if (lapsed)
    return <PartyLapsed near={outcome.near?.length ? outcome.near : near} zone={zone} serviceId={booking.service.id} />;
  return (
    <>
      <PartyProblem code={outcome.code} errors={errors} />
      {until ? (
        <HoldTimer
          until={time(until, zone)}
          untilIso={until.toISOString()}
          nowIso={now.toISOString()}
          zone={zone}
          extensions={outcome.code !== "hold_limit"}
        />
      ) : null}
    </>
  );
}
