import { formatWhen } from "@pulsecal/core";
import { Button, buttonClass, Notice, TextField } from "@pulsecal/ui/app";
import { Form, Link, useNavigation } from "react-router";
import type { StaffBooking } from "../types.ts";
import type { Changes } from "./address.ts";
import { isEndable, nextStates, problemText, type SeriesBooking } from "./words.ts";

/** What is asked before something that cannot be taken back. */
type Question = {
  intent: string;
  title: string;
  /** what happens, to what, in whole sentences */
  text: string;
  button: string;
  pending: string;
  keep: string;
  /** asks for a reason too */
  reason: boolean;
  /** what the form sends besides the booking */
  fields: Record<string, string>;
};

type About = {
  booking: StaffBooking;
  /** the series it belongs to, and what of it would be cancelled from here on */
  series: readonly SeriesBooking[];
  rest: readonly SeriesBooking[];
  zone: string;
  now: number;
};

/** The question the address asks, as long as there is something to ask it about. */
export function questionOf(asking: string | null, about: About): Question | undefined {
  const { booking, now } = about;
  const next = new Set(nextStates(booking, now).map(({ to }) => to));
  const told = "We tell the patient at once, and the time can be booked again.";
  const plain = { keep: "Keep it", reason: false, fields: {} };
  const whole = (text: string) => `${thisOne(about)}. ${text}`;
  if (asking === "cancel" && isEndable(booking)) {
    const words = { title: "Cancel this booking?", button: "Cancel booking", pending: "Cancelling…" };
    return { ...plain, ...words, intent: "cancel", text: whole(told), reason: true };
  }
  if (asking === "decline" && next.has("declined")) {
    const words = { title: "Decline this request?", button: "Decline request", pending: "Declining…" };
    return { ...plain, ...words, intent: "declined", text: whole(told) };
  }
  if (asking === "no_show" && next.has("no_show")) {
    const words = { title: "Did the patient not come?", button: "Did not come", pending: "Saving…" };
    const text = whole("This cannot be taken back. The rest of the time can be booked again.");
    return { ...plain, ...words, intent: "no_show", text };
  }
  return asking === "cancel_series" ? restQuestion(about) : undefined;
}

const thisOne = ({ booking, zone }: About): string =>
  `${formatWhen(+booking.start, zone)} with ${booking.practitionerName}${
    booking.patientName === null ? "" : `, for ${booking.patientName}`
  }`;

function restQuestion({ booking, series, rest, zone }: About): Question | undefined {
  const [first, last] = [rest[0], rest.at(-1)];
  if (first === undefined || last === undefined || booking.setId === null) return undefined;
  const one = rest.length === 1;
  const before = series.filter(({ start, state }) => +start < +first.start && state !== "cancelled").length;
  const kept = before === 0 ? "" : before === 1 ? " The 1 before stays." : ` The ${before} before stay.`;
  const span = one
    ? formatWhen(+first.start, zone)
    : `${rest.length} bookings from ${formatWhen(+first.start, zone)} to ${formatWhen(+last.start, zone)}`;
  const whose = booking.patientName === null ? "" : `, for ${booking.patientName}`;
  return {
    intent: "cancel_series",
    title: "Cancel the rest of this series?",
    text: `${span}${whose}.${kept} We tell the patient once. Others can book the times then, so this cannot be taken back.`,
    button: one ? "Cancel 1 booking" : `Cancel ${rest.length} bookings`,
    pending: "Cancelling…",
    keep: one ? "Keep it" : "Keep them",
    reason: false,
    fields: { setId: booking.setId, from: first.start.toISOString() },
  };
}

type EndProps = {
  booking: StaffBooking;
  rest: readonly SeriesBooking[];
  address: (changes: Changes) => string;
};

/** The ways to end a booking: this one, or of a series everything from it on. */
export function EndLinks({ booking, rest, address }: EndProps) {
  const after = rest.filter(({ bookingId }) => bookingId !== booking.id).length;
  const both = after < rest.length;
  return (
    <>
      {isEndable(booking) ? (
        <Link
          to={address({ ask: "cancel" })}
          preventScrollReset
          id="cancel-booking"
          className={buttonClass({ kind: "danger-quiet" })}
        >
          {after === 0 ? "Cancel booking" : "Cancel only this"}
        </Link>
      ) : null}
      {after === 0 ? null : (
        <Link
          to={address({ ask: "cancel_series" })}
          preventScrollReset
          id="cancel-series"
          className={buttonClass({ kind: "danger-quiet" })}
        >
          {both ? `Cancel this and ${after} after it` : `Cancel ${after} after it`}
        </Link>
      )}
    </>
  );
}

type QuestionProps = {
  booking: StaffBooking;
  address: (changes: Changes) => string;
  idempotencyKey: string;
  refused: { intent: string; problem: string } | null;
  question: Question;
};

/** The question with its two answers; the one that changes nothing comes first. */
export function QuestionForm({ booking, address, idempotencyKey, refused, question }: QuestionProps) {
  const pending = useNavigation().state === "submitting";
  return (
    <Form method="post" preventScrollReset className="flex flex-col gap-3">
      <p>{question.text}</p>
      {refused?.intent !== question.intent ? null : (
        <Notice tone="danger" role="alert">
          {problemText(refused.problem)}
        </Notice>
      )}
      <input type="hidden" name="intent" value={question.intent} />
      <input type="hidden" name="bookingId" value={booking.id} />
      <input type="hidden" name="key" value={idempotencyKey} />
      {Object.entries(question.fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {question.reason ? <TextField label="Reason (optional)" name="reason" maxLength={300} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Link to={address({ ask: null })} replace preventScrollReset className={buttonClass()}>
          {question.keep}
        </Link>
        <Button type="submit" kind="danger" pending={pending} pendingLabel={question.pending}>
          {question.button}
        </Button>
      </div>
    </Form>
  );
}
