import { formatRange, formatWhen } from "@pulsecal/core";
import { Button, buttonClass, cx, Dialog, Notice, StatusPill, SummaryList, TextField } from "@pulsecal/ui/app";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Form, Link, useNavigate, useNavigation } from "react-router";
import { unreachedText } from "../../lib/keep-typed.ts";
import { useHydrated } from "../../lib/live.tsx";
import type { Mark } from "./changes.ts";
import type { StaffBooking } from "./types.ts";

type DrawerProps = {
  booking: StaffBooking;
  zone: string;
  mayCancel: boolean;
  asking: boolean;
  closeHref: string;
  askHref: string;
  keepHref: string;
  idempotencyKey: string;
  problem: string | undefined;
  mark: Mark | undefined;
};

const endable: ReadonlySet<string> = new Set(["held", "awaiting_payment", "requested", "confirmed", "checked_in"]);

const problems: Record<string, string> = {
  unreached: unreachedText,
  not_cancellable: "This booking has moved on and cannot be cancelled any more.",
  too_late_to_cancel: "This booking can no longer be cancelled.",
  forbidden: "Your role does not allow cancelling. An owner, manager or reception can.",
};

/**
 * One booking beside the day, not over it: a column on a wide screen, a sheet on a phone. Esc closes and gives focus
 * back to the booking; F6 goes between the two.
 */
export function BookingDrawer(props: DrawerProps) {
  const { booking, zone, mayCancel, asking, closeHref, askHref, keepHref, problem, mark } = props;
  const hydrated = useHydrated();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  const backTo = `booking-${booking.id}`;
  const opensByAPress = useRef(false);

  useEffect(() => {
    // On the first page the browser decides about focus; after a press it goes to what was opened.
    if (document.activeElement?.id === backTo) opensByAPress.current = true;
    if (opensByAPress.current) heading.current?.focus();
    return () => {
      if (opensByAPress.current) document.getElementById(backTo)?.focus();
    };
  }, [backTo]);

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.defaultPrevented || asking) return;
      if (event.key === "Escape") void navigate(closeHref, { preventScrollReset: true });
      if (event.key !== "F6") return;
      event.preventDefault();
      const inside = document.activeElement?.closest("[data-drawer]") !== null;
      (inside ? document.getElementById(backTo) : heading.current)?.focus();
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, [asking, backTo, closeHref, navigate]);

  return (
    <aside
      data-drawer
      aria-labelledby="drawer-title"
      className="fixed inset-x-0 bottom-14 z-20 max-h-[70dvh] overflow-y-auto rounded-t-sheet border border-border bg-raised p-4 shadow-dialog lg:bottom-0 lg:left-56 xl:sticky xl:top-4 xl:z-0 xl:max-h-[calc(100dvh-2rem)] xl:self-start xl:rounded-card xl:shadow-none"
    >
      <div className="mb-3 flex items-start justify-between gap-3">
        <h2 ref={heading} id="drawer-title" tabIndex={-1} className="min-w-0 text-16 font-semibold break-words">
          {booking.patientName ?? "Being booked"}
        </h2>
        <Link
          to={closeHref}
          preventScrollReset
          aria-label="Close this booking"
          className="-mt-1 -mr-1 inline-flex size-8 shrink-0 items-center justify-center rounded-input text-muted hover:bg-sunken pointer-coarse:size-11"
        >
          <X aria-hidden="true" className="size-4" />
        </Link>
      </div>
      <p className={cx("mb-3 flex min-h-6 items-center gap-2", mark !== undefined && "changed-bar pl-2")}>
        <StatusPill state={booking.state} />
        {mark === undefined ? null : (
          <span className="rounded-input bg-accent px-1 text-13 font-semibold text-on-accent">{mark}</span>
        )}
      </p>
      <SummaryList
        rows={[
          {
            key: "When",
            value: <span className="tabular-nums">{formatRange(+booking.start, +booking.end, zone)}</span>,
          },
          { key: "Service", value: booking.serviceName },
          { key: "With", value: booking.practitionerName },
          { key: "Ref", value: <span className="tabular-nums">{booking.ref}</span> },
          {
            key: "Booked",
            value: `${formatWhen(+booking.createdAt, zone)}, by ${booking.bookedBy === "staff" ? "staff" : "the patient"}`,
          },
        ]}
      />
      {mayCancel && endable.has(booking.state) ? (
        <div className="mt-4 border-t border-border pt-3">
          {asking && !hydrated ? (
            <CancelForm {...props} />
          ) : (
            <Link to={askHref} preventScrollReset id="cancel-booking" className={buttonClass({ kind: "danger-quiet" })}>
              Cancel booking
            </Link>
          )}
        </div>
      ) : null}
      {hydrated ? (
        <Dialog
          role="alertdialog"
          title="Cancel this booking?"
          isOpen={asking && endable.has(booking.state)}
          onClose={() => void navigate(keepHref, { preventScrollReset: true, replace: true })}
        >
          <CancelForm {...props} />
        </Dialog>
      ) : null}
      {problem === undefined || asking ? null : (
        <Notice tone="danger" role="alert" className="mt-3">
          {problems[problem] ?? "We could not cancel this. Try again."}
        </Notice>
      )}
    </aside>
  );
}

function CancelForm({ booking, zone, keepHref, idempotencyKey, problem }: DrawerProps) {
  const pending = useNavigation().state === "submitting";
  return (
    <Form method="post" preventScrollReset className="flex flex-col gap-3">
      <p>
        {formatWhen(+booking.start, zone)} with {booking.practitionerName}
        {booking.patientName === null ? "" : `, for ${booking.patientName}`}. We tell the patient at once, and the time
        can be booked again.
      </p>
      {problem === undefined ? null : (
        <Notice tone="danger" role="alert">
          {problems[problem] ?? "We could not cancel this. Try again."}
        </Notice>
      )}
      <input type="hidden" name="bookingId" value={booking.id} />
      <input type="hidden" name="key" value={idempotencyKey} />
      <TextField label="Reason (optional)" name="reason" maxLength={300} />
      <div className="flex flex-wrap justify-end gap-2">
        <Link to={keepHref} replace preventScrollReset className={buttonClass()}>
          Keep it
        </Link>
        <Button type="submit" kind="danger" pending={pending} pendingLabel="Cancelling…">
          Cancel booking
        </Button>
      </div>
    </Form>
  );
}
