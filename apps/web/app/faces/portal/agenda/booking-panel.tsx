import { formatRange, formatTime, formatWhen } from "@pulsecal/core";
import { Button, buttonClass, cx, Dialog, Notice, StatusPill, SummaryList } from "@pulsecal/ui/app";
import { Minus, Plus } from "lucide-react";
import { useState } from "react";
import { Form, Link, useNavigate, useNavigation } from "react-router";
import { useHydrated } from "../../../lib/live.tsx";
import type { Mark } from "../changes.ts";
import type { StaffBooking } from "../types.ts";
import type { Changes } from "./address.ts";
import { AnswersPart } from "./answers-part.tsx";
import { isMovable } from "./grid-model.ts";
import { EndLinks, QuestionForm, questionOf } from "./questions.tsx";
import { SeriesPart, type SeriesView } from "./series-part.tsx";
import { isEndable, nextStates, problemText, restOf } from "./words.ts";

export type BookingPanelProps = {
  booking: StaffBooking;
  zone: string;
  now: number;
  may: { cancel: boolean; write: boolean; answers: boolean };
  /** the bookings of the series it belongs to, if it is one of a series */
  series: SeriesView | null;
  asking: string | null;
  address: (changes: Changes) => string;
  idempotencyKey: string;
  /** a refusal of something asked for here, and of what */
  refused: { intent: string; problem: string } | null;
  mark: Mark | undefined;
};

/** Everything about one booking: what it is, the legal next states, its time and length, its end. */
export function BookingPanel(props: BookingPanelProps) {
  const { booking, series, zone, now, may, asking, address, refused, mark } = props;
  const hydrated = useHydrated();
  const navigate = useNavigate();
  const all = series?.bookings ?? [];
  const rest = restOf(all, booking, now);
  const asked = questionOf(asking, { booking, series: all, rest, zone, now });
  const keep = () => navigate(address({ ask: null }), { preventScrollReset: true, replace: true });
  const form = asked === undefined ? null : <QuestionForm {...props} question={asked} />;
  return (
    <>
      <p className={cx("mb-3 flex min-h-6 flex-wrap items-center gap-2", mark !== undefined && "changed-bar pl-2")}>
        <StatusPill state={booking.state} />
        {booking.squeezedIn ? <span className="text-13 font-semibold text-warning">Squeezed in, +1</span> : null}
        {mark === undefined ? null : (
          <span className="rounded-input bg-accent px-1 text-13 font-semibold text-on-accent">{mark}</span>
        )}
      </p>
      {may.write ? <NextStates {...props} /> : null}
      <SummaryList rows={rowsOf(booking, zone)} />
      {may.write && isMovable(booking) && booking.seat === null ? <LengthStepper {...props} /> : null}
      {series === null ? null : <SeriesPart booking={booking} series={series} zone={zone} address={address} />}
      {may.answers && booking.bookedBy !== "staff" && booking.patientId !== null ? (
        <AnswersPart bookingId={booking.id} />
      ) : null}
      {may.cancel && (isEndable(booking) || rest.length > 0) ? (
        <div className="mt-4 flex flex-wrap gap-2 border-t border-border pt-3">
          {form !== null && !hydrated ? form : <EndLinks booking={booking} rest={rest} address={address} />}
        </div>
      ) : null}
      {hydrated ? (
        <Dialog
          returnTo="drawer-title"
          role="alertdialog"
          title={asked?.title ?? ""}
          isOpen={asked !== undefined}
          onClose={() => void keep()}
        >
          {form}
        </Dialog>
      ) : null}
      {refused === null || asked !== undefined || asking === "move" ? null : (
        <Notice tone="danger" role="alert" className="mt-3">
          {problemText(refused.problem)}
        </Notice>
      )}
    </>
  );
}

function rowsOf(booking: StaffBooking, zone: string) {
  const tabular = (text: string) => <span className="tabular-nums">{text}</span>;
  return [
    { key: "When", value: tabular(formatRange(+booking.start, +booking.end, zone)) },
    ...(booking.movedFrom === null
      ? []
      : [{ key: "Moved from", value: tabular(`${formatWhen(+booking.movedFrom, zone)}, not answered yet`) }]),
    { key: "Service", value: booking.serviceName },
    { key: "With", value: booking.practitionerName },
    ...(booking.rooms.length === 0 ? [] : [{ key: "Where", value: booking.rooms.join(", ") }]),
    ...(booking.seat === null ? [] : [{ key: "Seat", value: `${booking.seat.no} of ${booking.seat.of}` }]),
    ...(booking.setKind === "family" ? [{ key: "Part of", value: "a family visit" }] : []),
    ...(booking.holdExpiresAt !== null && (booking.state === "held" || booking.state === "awaiting_payment")
      ? [{ key: "Held until", value: tabular(formatTime(+booking.holdExpiresAt, zone)) }]
      : []),
    { key: "Ref", value: tabular(booking.ref) },
    {
      key: "Booked",
      value: `${formatWhen(+booking.createdAt, zone)}, by ${booking.bookedBy === "staff" ? "staff" : "the patient"}`,
    },
  ];
}

/** One press for the legal next states; a grave one asks first. */
function NextStates({ booking, now, address, idempotencyKey }: BookingPanelProps) {
  const navigation = useNavigation();
  const sent = navigation.state === "submitting" ? navigation.formData?.get("intent") : null;
  const next = nextStates(booking, now);
  const movable = isMovable(booking);
  if (next.length === 0 && !movable) return null;
  return (
    <Form method="post" preventScrollReset className="mb-4 flex flex-wrap gap-2">
      <input type="hidden" name="bookingId" value={booking.id} />
      <input type="hidden" name="key" value={idempotencyKey} />
      {next.map(({ to, label, pending, asks }, n) =>
        asks ? (
          <Link
            key={to}
            to={address({ ask: to === "declined" ? "decline" : to })}
            preventScrollReset
            className={buttonClass()}
          >
            {label}
          </Link>
        ) : (
          <Button
            key={to}
            type="submit"
            name="intent"
            value={to}
            kind={n === 0 ? "primary" : "secondary"}
            pending={sent === to}
            pendingLabel={pending}
          >
            {label}
          </Button>
        ),
      )}
      {movable ? (
        <Link to={address({ ask: "move" })} preventScrollReset id="move-booking" className={buttonClass()}>
          Move to…
        </Link>
      ) : null}
    </Form>
  );
}

const lengthStep = 5;

/** The length in steps of five minutes: the press for what the lower edge does by dragging. */
function LengthStepper({ booking, idempotencyKey, refused }: BookingPanelProps) {
  const minutes = Math.round((+booking.end - +booking.start) / 60_000);
  const hydrated = useHydrated();
  const [typed, setTyped] = useState<number | null>(null);
  const navigation = useNavigation();
  const pending = navigation.state === "submitting" && navigation.formData?.get("intent") === "resize";
  const shown = typed ?? minutes;
  const by = (step: number) => setTyped(Math.max(lengthStep, Math.min(720, shown + step)));
  return (
    <Form method="post" preventScrollReset className="mt-4 border-t border-border pt-3">
      <input type="hidden" name="intent" value="resize" />
      <input type="hidden" name="bookingId" value={booking.id} />
      <input type="hidden" name="key" value={idempotencyKey} />
      <input type="hidden" name="sequence" value={booking.sequence} />
      <input type="hidden" name="to" value={`${booking.start.toISOString()} ${booking.practitionerId}`} />
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor="length" className="text-14 font-semibold">
          Length, minutes
        </label>
        <div className="flex items-center gap-1">
          <Button aria-label="5 minutes shorter" onPress={() => by(-lengthStep)} className="px-2">
            <Minus aria-hidden="true" className="size-4" />
          </Button>
          <input
            id="length"
            name="minutes"
            type="number"
            inputMode="numeric"
            min={lengthStep}
            max={720}
            step={lengthStep}
            value={shown}
            onChange={(event) => setTyped(Number(event.target.value))}
            className="min-h-8 w-16 rounded-input border border-border-strong bg-raised px-2 text-center text-14 tabular-nums pointer-coarse:min-h-11"
          />
          <Button aria-label="5 minutes longer" onPress={() => by(lengthStep)} className="px-2">
            <Plus aria-hidden="true" className="size-4" />
          </Button>
        </div>
        <Button type="submit" pending={pending} pendingLabel="Saving…" isDisabled={hydrated && shown === minutes}>
          Save length
        </Button>
      </div>
      {refused?.intent === "resize" ? <span className="sr-only">{problemText(refused.problem)}</span> : null}
    </Form>
  );
}
