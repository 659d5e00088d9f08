import { formatTime, formatWhen } from "@pulsecal/core";
import { Button, buttonClass, ErrorSummary, Notice, Select, TextField } from "@pulsecal/ui/app";
import { useState } from "react";
import { Form, Link, useNavigation, useSubmit } from "react-router";
import { useHydrated } from "../../../lib/live.tsx";
import type { AgendaAnswer } from "./act.server.ts";
import type { AgendaAddress, Changes } from "./address.ts";
import { nobodyTyped, type PersonTyped } from "./person-form.ts";
import type { Explained, Free } from "./calendar.ts";
import type { PlaceView } from "./read.server.ts";
import { problemText } from "./words.ts";

type PlaceProps = {
  at: NonNullable<AgendaAddress["at"]>;
  doctor: string;
  place: PlaceView;
  zone: string;
  may: { write: boolean; squeeze: boolean; block: boolean };
  minutes: number | null;
  /** a booking stands there: its own time is explained, nothing is booked */
  ofBooking: boolean;
  /** what the page keeps while this is open, as hidden fields of the form that chooses a service */
  kept: readonly (readonly [string, string])[];
  address: (changes: Changes) => string;
  idempotencyKey: string;
  answer: AgendaAnswer | { problem: string } | undefined;
};

/** A place of the grid: why it is offered or not, and what can be done with it: book, book anyway, block. */
export function PlacePanel(props: PlaceProps) {
  const { at, doctor, place, zone, may, minutes, ofBooking, address } = props;
  const { service, explained } = place;
  if (service === null) {
    return <p className="text-14">{doctor} has no service that can be booked. Services decide who gives them.</p>;
  }
  const offered = explained?.offered ?? false;
  const past = explained?.blocks.some(({ why }) => why === "past") ?? false;
  const elsewhere = (free: Free) => address({ at: free.start.toISOString(), with: free.practitionerId, of: null });
  return (
    <div className="flex flex-col gap-4">
      {ofBooking ? null : <ChooseService {...props} />}
      {explained === null ? (
        <p className="text-14">The rules could not be asked now. Booking still checks them.</p>
      ) : (
        <Verdict explained={explained} at={at.start} doctor={doctor} zone={zone} hrefOf={elsewhere} />
      )}
      {ofBooking || !may.write || past ? null : offered || explained === null ? (
        <PersonForm {...props} intent="book" serviceId={service.id} minutes={minutes} />
      ) : may.squeeze ? (
        <details className="border-t border-border pt-3" open={answerOf(props, "squeeze") !== undefined}>
          <summary className="cursor-pointer py-1 text-14 font-semibold text-brand">Book anyway</summary>
          <PersonForm {...props} intent="squeeze" serviceId={service.id} minutes={minutes} />
        </details>
      ) : (
        <p className="text-14 text-muted">An owner, a manager or a doctor can book it anyway.</p>
      )}
      {may.block && !ofBooking ? <BlockForm {...props} length={service.minutes} /> : null}
    </div>
  );
}

function answerOf({ answer }: PlaceProps, intent: string): AgendaAnswer | undefined {
  return answer !== undefined && "intent" in answer && answer.intent === intent ? answer : undefined;
}

/** Which service the rules are asked about; without JavaScript a button asks. */
function ChooseService({ place, at, minutes, kept }: PlaceProps) {
  const hydrated = useHydrated();
  const submit = useSubmit();
  if (place.services.length < 2) return null;
  return (
    <Form
      method="get"
      preventScrollReset
      replace
      onChange={(event) => void submit(event.currentTarget, { preventScrollReset: true, replace: true })}
      className="flex items-end gap-2"
    >
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <input type="hidden" name="at" value={new Date(at.start).toISOString()} />
      <input type="hidden" name="with" value={at.practitionerId} />
      {minutes === null ? null : <input type="hidden" name="minutes" value={minutes} />}
      <Select
        label="Service"
        name="service"
        defaultValue={place.service?.id ?? ""}
        options={place.services.map((one) => ({ value: one.id, label: `${one.name}, ${one.minutes} min` }))}
        className="flex-1"
      />
      {hydrated ? null : (
        <button type="submit" className={buttonClass()}>
          Show
        </button>
      )}
    </Form>
  );
}

type VerdictProps = { explained: Explained; at: number; doctor: string; zone: string; hrefOf: (free: Free) => string };

/** "10:00 with Dr Mokoena: no", every rule that says so, and the first time that is free. Never who booked. */
function Verdict({ explained, at, doctor, zone, hrefOf }: VerdictProps) {
  const { offered, blocks, firstFree } = explained;
  return (
    <div data-explain={offered ? "offered" : "blocked"} className="text-14">
      <p className="font-semibold">
        {formatTime(at, zone)} with {doctor}: {offered ? "yes" : "no"}
      </p>
      {offered ? (
        <p className="text-muted">No rule stands against it.</p>
      ) : (
        <ol className="mt-1 list-decimal space-y-1 pl-5 marker:text-muted">
          {blocks.map((block) => (
            <li key={`${block.why} ${block.resourceId ?? ""} ${block.text}`}>{block.text}</li>
          ))}
        </ol>
      )}
      {offered || firstFree === null ? null : (
        <p className="mt-2 flex flex-wrap items-center gap-2">
          <span className="tabular-nums">First free: {formatWhen(+firstFree.start, zone)}</span>
          <Link to={hrefOf(firstFree)} replace preventScrollReset className={buttonClass()}>
            Book it
          </Link>
        </p>
      )}
    </div>
  );
}

type PersonProps = PlaceProps & { intent: "book" | "squeeze"; serviceId: string; minutes: number | null };

function PersonForm(props: PersonProps) {
  const { intent, at, zone, serviceId, minutes, idempotencyKey, address } = props;
  const pending = useNavigation().state === "submitting";
  const answer = answerOf(props, intent);
  const unreached = props.answer !== undefined && !("intent" in props.answer) ? props.answer.problem : undefined;
  const problem = answer?.problem ?? unreached;
  const typed: PersonTyped = answer?.typed ?? nobodyTyped;
  const errorOf = (id: string) => answer?.problems?.find((one) => one.id === id)?.text;
  const text = (id: keyof PersonTyped) => ({
    id: `person-${id}`,
    name: id,
    defaultValue: typed[id],
    error: errorOf(`person-${id}`),
    autoComplete: "off",
  });
  const when = formatWhen(at.start, zone);
  return (
    <Form method="post" preventScrollReset noValidate className="flex flex-col gap-3 pt-2">
      <ErrorSummary problems={answer?.problems ?? []} />
      {problem === undefined ? null : (
        <Notice tone="danger" role="alert">
          {problemText(problem)}
          {(answer?.alternatives ?? []).length === 0 ? null : (
            <span className="mt-2 flex flex-wrap gap-2">
              {answer?.alternatives?.map((free) => (
                <Link
                  key={`${free.start.toISOString()} ${free.practitionerId}`}
                  to={address({ at: free.start.toISOString(), with: free.practitionerId })}
                  replace
                  preventScrollReset
                  className={buttonClass()}
                >
                  {formatWhen(+free.start, zone)}
                </Link>
              ))}
            </span>
          )}
        </Notice>
      )}
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="key" value={idempotencyKey} />
      <input type="hidden" name="serviceId" value={serviceId} />
      <input type="hidden" name="practitionerId" value={at.practitionerId} />
      <input type="hidden" name="start" value={new Date(at.start).toISOString()} />
      {minutes === null ? null : <input type="hidden" name="minutes" value={minutes} />}
      {intent === "squeeze" ? (
        <TextField {...text("why")} label="Why is this booked anyway?" hint="Kept with the booking." maxLength={300} />
      ) : null}
      <TextField {...text("name")} label="Patient's name" maxLength={120} />
      <TextField {...text("phone")} label="Cell number" type="tel" maxLength={40} />
      <TextField {...text("email")} label="Email" type="email" maxLength={254} />
      {intent === "book" ? <TextField {...text("reason")} label="Reason (optional)" rows={2} maxLength={1000} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          kind={intent === "book" ? "primary" : "secondary"}
          pending={pending}
          pendingLabel="Booking…"
        >
          {intent === "book" ? `Book ${when}` : `Book ${when} anyway`}
        </Button>
        {intent === "book" ? (
          // Posts, so that what was typed comes along and stays out of the address.
          <Button type="submit" kind="quiet" name="carry" value="1" formAction={repeatHref(props)}>
            Repeat…
          </Button>
        ) : null}
      </div>
    </Form>
  );
}

/** The page for a series that begins at this place. */
function repeatHref({ at, serviceId, minutes }: PersonProps): string {
  const rule = new URLSearchParams({
    service: serviceId,
    with: at.practitionerId,
    at: new Date(at.start).toISOString(),
    ...(minutes === null ? {} : { minutes: String(minutes) }),
  });
  return `/portal/agenda/series?${rule.toString()}`;
}

const lengths = [15, 30, 60, 120, 240];

/** Keeps the time from being booked: paperwork, a visit elsewhere. It may lie over bookings, which then are settled. */
function BlockForm(props: PlaceProps & { length: number }) {
  const { at, zone, doctor, idempotencyKey, length } = props;
  const pending = useNavigation().state === "submitting";
  const answer = answerOf(props, "block");
  const [minutes, setMinutes] = useState(String(length));
  const choices = [...new Set([length, ...lengths])].toSorted((a, b) => a - b);
  const endOf = (one: number) => new Date(at.start + one * 60_000).toISOString();
  return (
    <details className="border-t border-border pt-3" open={answer !== undefined}>
      <summary className="cursor-pointer py-1 text-14 font-semibold text-brand">Block this time</summary>
      <Form method="post" preventScrollReset className="flex flex-col gap-3 pt-2">
        {answer?.problem === undefined ? null : (
          <Notice tone="danger" role="alert">
            {problemText(answer.problem)}
          </Notice>
        )}
        <input type="hidden" name="intent" value="block" />
        <input type="hidden" name="key" value={idempotencyKey} />
        <input type="hidden" name="practitionerId" value={at.practitionerId} />
        <input type="hidden" name="start" value={new Date(at.start).toISOString()} />
        <Select
          label="From this time to"
          name="end"
          value={endOf(Number(minutes))}
          onChange={(end) => setMinutes(String((Date.parse(end) - at.start) / 60_000))}
          options={choices.map((one) => ({
            value: endOf(one),
            label: `${formatTime(at.start + one * 60_000, zone)}, ${one} min`,
          }))}
        />
        <TextField label="What for (only staff see it)" name="label" maxLength={80} />
        <Button type="submit" pending={pending} pendingLabel="Blocking…" className="self-start">
          Block {formatTime(at.start, zone)} for {doctor}
        </Button>
      </Form>
    </details>
  );
}
