import { dayOf, formatRange, formatWhen } from "@pulsecal/core";
import { Button, buttonClass, Dialog, Notice, StatusPill, StatusShapeIcon } from "@pulsecal/ui/app";
import { Form, Link, useNavigate, useNavigation } from "react-router";
import { useHydrated } from "../../lib/live.tsx";
import { problemText } from "./agenda/words.ts";
import { patientOf } from "./changes.ts";
import type { StaffBooking } from "./types.ts";

/** What the page answers to a press: the booking as it is now, or why not. */
export type RequestAnswer = { booking?: StaffBooking; bookingId?: string; problem?: string };

/** What every request on the page is shown and answered with. */
export type RequestTools = {
  zone: string;
  mayAnswer: boolean;
  /** the booking somebody was about to decline */
  asking: string | null;
  formKey: string;
  answer: RequestAnswer | undefined;
};

type RequestProps = RequestTools & { id: string; booking: StaffBooking; over: boolean };

const here = "/portal";

/** The id of a request's link, which stays when its buttons go. */
export const requestLinkId = (bookingId: string): string => `request-link-${bookingId}`;

/** One request with its answer in place. Once answered, by whomever, the row stays and says what became of it. */
export function RequestRow({ id, booking, over, ...tools }: RequestProps) {
  const { zone, mayAnswer, asking, answer } = tools;
  const hydrated = useHydrated();
  const asksHere = asking === booking.id && !over && mayAnswer && !hydrated;
  return (
    <li id={id} className="flex gap-2.5 px-4 py-3 text-14">
      <StatusShapeIcon state="requested" className="mt-1.5 size-4 text-warning" />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <div>
          <Link
            id={requestLinkId(booking.id)}
            aria-describedby={`${id}-when`}
            to={`/portal/agenda?date=${dayOf(+booking.start, zone)}&booking=${booking.id}`}
            className="inline-block py-0.5 font-semibold break-words text-text"
          >
            {patientOf(booking)}
            {over ? null : " asks for a time"}
          </Link>
          <p id={`${id}-when`} className="tabular-nums">
            {formatRange(+booking.start, +booking.end, zone)}, {booking.practitionerName}
          </p>
          <p className="text-13 text-muted tabular-nums">
            {booking.serviceName}, asked {formatWhen(+booking.createdAt, zone)}
          </p>
        </div>
        {answer?.bookingId === booking.id && answer.problem !== undefined ? (
          <Notice tone="danger" role="alert">
            {problemText(answer.problem)}
          </Notice>
        ) : null}
        {over ? (
          <p className="flex min-h-8 flex-wrap items-center gap-2 pointer-coarse:min-h-11">
            {booking.state === "requested" ? (
              <span className="text-muted">Waits no longer.</span>
            ) : (
              <StatusPill state={booking.state} />
            )}
          </p>
        ) : asksHere ? (
          <DeclineForm {...tools} booking={booking} />
        ) : mayAnswer ? (
          <Answers {...tools} booking={booking} />
        ) : null}
      </div>
    </li>
  );
}

function Answers({ booking, zone, formKey }: RequestTools & { booking: StaffBooking }) {
  const { formData } = useNavigation();
  const approving = formData?.get("bookingId") === booking.id && formData.get("intent") === "confirmed";
  const about = `${patientOf(booking)}, ${formatWhen(+booking.start, zone)}`;
  return (
    <Form method="post" preventScrollReset className="flex flex-wrap gap-2">
      <input type="hidden" name="bookingId" value={booking.id} />
      <input type="hidden" name="key" value={formKey} />
      <Button
        type="submit"
        name="intent"
        value="confirmed"
        kind="primary"
        pending={approving}
        pendingLabel="Approving…"
        aria-label={`Approve ${about}`}
      >
        Approve
      </Button>
      <Link
        to={`${here}?decline=${booking.id}`}
        preventScrollReset
        className={buttonClass()}
        aria-label={`Decline ${about}`}
      >
        Decline…
      </Link>
    </Form>
  );
}

/** Asks before a request is declined, when there is one to ask about. */
export function DeclineDialog({ booking, ...tools }: RequestTools & { booking: StaffBooking | undefined }) {
  const hydrated = useHydrated();
  const navigate = useNavigate();
  if (!hydrated || !tools.mayAnswer) return null;
  return (
    <Dialog
      role="alertdialog"
      title="Decline this request?"
      isOpen={booking !== undefined}
      returnTo={booking === undefined ? undefined : requestLinkId(booking.id)}
      onClose={() => void navigate(here, { preventScrollReset: true, replace: true })}
    >
      {booking === undefined ? null : <DeclineForm {...tools} booking={booking} />}
    </Dialog>
  );
}

function DeclineForm({ booking, zone, formKey, answer }: RequestTools & { booking: StaffBooking }) {
  const pending = useNavigation().state === "submitting";
  return (
    <Form method="post" preventScrollReset className="flex flex-col gap-3">
      <p>
        {patientOf(booking)} asked for {formatWhen(+booking.start, zone)} with {booking.practitionerName}. We tell them
        at once and the time can be booked again, so this cannot be taken back.
      </p>
      {answer?.bookingId === booking.id && answer.problem !== undefined ? (
        <Notice tone="danger" role="alert">
          {problemText(answer.problem)}
        </Notice>
      ) : null}
      <input type="hidden" name="intent" value="declined" />
      <input type="hidden" name="bookingId" value={booking.id} />
      <input type="hidden" name="key" value={formKey} />
      <div className="flex flex-wrap justify-end gap-2">
        <Link to={here} replace preventScrollReset className={buttonClass()}>
          Let it wait
        </Link>
        <Button type="submit" kind="danger" pending={pending} pendingLabel="Declining…">
          Decline request
        </Button>
      </div>
    </Form>
  );
}
