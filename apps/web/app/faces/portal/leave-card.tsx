import { dayOf, formatRange, formatWhen } from "@pulsecal/core";
import { Button, buttonClass, Card, ErrorSummary, Notice, TextField } from "@pulsecal/ui/app";
import { Form, Link, useNavigation } from "react-router";
import { patientOf } from "./changes.ts";
import type { LeaveAnswer } from "./leave-act.server.ts";
import { MeetsNotice } from "./meets-notice.tsx";
import { StretchFields } from "./stretch-fields.tsx";
import type { Staff, StaffBooking } from "./types.ts";

type LeaveProps = {
  doctor: { id: string; name: string };
  leave: Staff["leave"]["list"];
  /** leave ahead that still lies over bookings nobody has settled */
  affected: Staff["leave"]["affected"];
  zone: string;
  answer: LeaveAnswer | undefined;
  mayWrite: boolean;
  idempotencyKey: string;
};

const refusals: Record<string, string> = {
  forbidden: "Your role does not allow changing leave. An owner, a manager or the doctor can.",
  not_found: "This leave is not there any more.",
};

/** A doctor's leave, and the bookings it lies over: each is moved, kept or cancelled, one by one. */
export function LeaveCard(props: LeaveProps) {
  const { doctor, leave, affected, zone, mayWrite, idempotencyKey } = props;
  const own = leave.filter(({ practitionerId }) => practitionerId === doctor.id);
  return (
    <Card title="Leave and blocked time" id="leave">
      {own.length === 0 ? <p className="px-4 py-3 text-14 text-muted">None ahead.</p> : null}
      <ul className="divide-y divide-border">
        {own.map((one) => {
          const open = affected.find(({ leave: { id } }) => id === one.id)?.bookings ?? [];
          return (
            <li key={one.id} className="px-4 py-2 text-14">
              <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
                <span className="min-w-0 flex-1 basis-52">
                  <span className="tabular-nums">
                    {formatWhen(+one.startsAt, zone)} to {formatWhen(+one.endsAt, zone)}
                  </span>
                  <span className="block text-muted">
                    {one.kind === "block" ? "Blocked time" : "Leave"}
                    {one.label === null ? "" : `, ${one.label}`}
                  </span>
                </span>
                {mayWrite ? (
                  <Form method="post" preventScrollReset>
                    <input type="hidden" name="key" value={`${idempotencyKey}.${one.id}`} />
                    <Button
                      type="submit"
                      name="intent"
                      value={`leave-remove ${one.id}`}
                      kind="quiet"
                      aria-label={`Remove leave from ${formatWhen(+one.startsAt, zone)}`}
                    >
                      Remove
                    </Button>
                  </Form>
                ) : null}
              </div>
              {open.length === 0 ? null : (
                <Unsettled {...props} leaveId={one.id} bookings={open} allOfDay={sameDay(one, zone)} />
              )}
            </li>
          );
        })}
      </ul>
      {mayWrite ? <NewLeave key={own.length} {...props} /> : null}
    </Card>
  );
}

const sameDay = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, zone: string): string | null => {
  const date = dayOf(+startsAt, zone);
  return dayOf(+endsAt - 1, zone) === date ? date : null;
};

const agenda = (booking: StaffBooking, zone: string, ask: string): string =>
  `/portal/agenda?date=${dayOf(+booking.start, zone)}&booking=${booking.id}&ask=${ask}`;

type UnsettledProps = LeaveProps & { leaveId: string; bookings: StaffBooking[]; allOfDay: string | null };

function Unsettled({ doctor, zone, mayWrite, idempotencyKey, leaveId, bookings, allOfDay }: UnsettledProps) {
  return (
    <div className="mt-2 rounded-card border border-warning bg-warning-soft px-3 py-2">
      <p className="flex flex-wrap items-center justify-between gap-2 font-semibold">
        {bookings.length === 1 ? "1 booking to settle" : `${bookings.length} bookings to settle`}
        {mayWrite && allOfDay !== null && bookings.length > 1 ? (
          <Link to={`/portal/agenda/move-day?who=${doctor.id}&date=${allOfDay}`} className={buttonClass()}>
            Move the whole day
          </Link>
        ) : null}
      </p>
      <ul className="mt-1 divide-y divide-border">
        {bookings.map((booking) => (
          <li key={booking.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
            <span className="min-w-0 flex-1 basis-44">
              <span className="tabular-nums">{formatRange(+booking.start, +booking.end, zone)}</span>
              <span className="block">{patientOf(booking)}</span>
            </span>
            {mayWrite ? (
              <Form method="post" preventScrollReset className="flex flex-wrap gap-1.5">
                <input type="hidden" name="key" value={`${idempotencyKey}.${booking.id}`} />
                <Link
                  to={agenda(booking, zone, "move")}
                  aria-label={`Move ${patientOf(booking)}`}
                  className={buttonClass()}
                >
                  Move
                </Link>
                <Button
                  type="submit"
                  name="intent"
                  value={`leave-keep ${leaveId} ${booking.id}`}
                  aria-label={`Keep ${patientOf(booking)}`}
                >
                  Keep
                </Button>
                <Link
                  to={agenda(booking, zone, "cancel")}
                  aria-label={`Cancel ${patientOf(booking)}`}
                  className={buttonClass({ kind: "danger-quiet" })}
                >
                  Cancel
                </Link>
              </Form>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function NewLeave({ doctor, zone, answer, idempotencyKey }: LeaveProps) {
  const navigation = useNavigation();
  const sent = navigation.state === "submitting" ? navigation.formData?.get("intent") : null;
  const problems = (answer?.problems ?? []).map((one) => ({ ...one, id: `leave-${one.id}` }));
  const meets = answer?.meets;
  return (
    <Form method="post" noValidate preventScrollReset className="flex flex-col gap-3 border-t border-border px-4 py-3">
      <input type="hidden" name="practitionerId" value={doctor.id} />
      <input type="hidden" name="key" value={`${idempotencyKey}.leave`} />
      <p className="text-14 font-semibold">Add leave</p>
      <ErrorSummary problems={problems} />
      {answer?.problem === undefined ? null : (
        <Notice tone="danger" role="alert">
          {refusals[answer.problem] ?? "We could not save this. Nothing was lost; try again."}
        </Notice>
      )}
      <StretchFields
        prefix="leave"
        valueOf={(name) => answer?.leave[name] ?? (name === "fromTime" ? "00:00" : name === "toTime" ? "24:00" : "")}
        errorOf={(id) => answer?.problems?.find((one) => one.id === id)?.text}
      />
      <TextField
        id="leave-label"
        name="label"
        label="What for (only staff see it)"
        defaultValue={answer?.leave["label"] ?? ""}
        maxLength={100}
        autoComplete="off"
      />
      {meets === undefined ? null : (
        <MeetsNotice
          meets={meets}
          zone={zone}
          then="They keep their time until you move, keep or cancel each of them."
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" name="intent" value="leave-preview" pending={sent === "leave-preview"}>
          See whom it meets
        </Button>
        <Button
          type="submit"
          name="intent"
          value="leave"
          kind="primary"
          pending={sent === "leave"}
          pendingLabel="Saving…"
        >
          Save leave
        </Button>
      </div>
    </Form>
  );
}
