import { formatDay } from "@pulsecal/core";
import { Button, buttonClass, Card, Dialog } from "@pulsecal/ui/app";
import { Form, Link, useNavigate, useNavigation } from "react-router";
import { useHydrated } from "../../lib/live.tsx";
import { CalendarAddress } from "./calendars-address.tsx";
import type { Staff } from "./types.ts";

/** A practitioner's calendar without the address itself. */
export type CalendarLine = Omit<Staff["feeds"]["list"][number], "address"> & {
  /** whether the signed-in person has an address of it */
  own: boolean;
};

const here = "/portal/settings/calendars";

/** Whose address somebody is about to stop: their own, or everybody's. */
export type StopQuestion = { line: CalendarLine; all: boolean };

/** The question in the page's address; null when it asks nothing that could still be done. */
export function stopQuestion(
  lines: readonly CalendarLine[],
  params: URLSearchParams,
  mayStopAll: boolean,
): StopQuestion | null {
  const all = params.has("stop-all");
  const line = lines.find(({ practitionerId }) => practitionerId === params.get(all ? "stop-all" : "stop"));
  if (line === undefined || (all && !mayStopAll)) return null;
  return (all ? line.own || line.others > 0 : line.own) ? { line, all } : null;
}

type CalendarCardProps = {
  line: CalendarLine;
  zone: string;
  formKey: string;
  mayStopAll: boolean;
  /** the address, where it was just asked for */
  address: string | null;
  made: boolean;
  asked: StopQuestion | null;
};

/** One practitioner's calendar: make an address, see it again, stop it. */
export function CalendarCard({ line, zone, formKey, mayStopAll, address, made, asked }: CalendarCardProps) {
  const { practitionerId, practitionerName, own, createdAt, others } = line;
  const hydrated = useHydrated();
  const sent = useNavigation().formData?.get("intent");
  return (
    <Card title={practitionerName} id={`calendar-${practitionerId}`}>
      <div className="flex flex-col gap-3 px-4 py-3 text-14">
        <p className="text-muted">
          {own && createdAt !== null
            ? `You have had an address since ${formatDay(+createdAt, zone)}.`
            : "You have no address of this calendar."}
          {others === 0 ? "" : ` ${others === 1 ? "1 other person has" : `${others} other people have`} one.`}
        </p>
        {address === null ? null : <CalendarAddress address={address} name={practitionerName} made={made} />}
        {asked !== null && !hydrated ? (
          <StopForm asked={asked} formKey={formKey} />
        ) : (
          <Form method="post" action={here} preventScrollReset className="flex flex-wrap gap-2">
            <input type="hidden" name="key" value={formKey} />
            {!own ? (
              <Button
                key="make"
                id={`make-${practitionerId}`}
                type="submit"
                name="intent"
                value={`make ${practitionerId}`}
                kind="primary"
                pending={sent === `make ${practitionerId}`}
                pendingLabel="Making…"
                aria-label={`Make an address for ${practitionerName}`}
              >
                Make an address
              </Button>
            ) : address === null ? (
              <Button
                key="show"
                type="submit"
                name="intent"
                value={`show ${practitionerId}`}
                pending={sent === `show ${practitionerId}`}
                pendingLabel="Reading…"
                aria-label={`Show the address of ${practitionerName}`}
              >
                Show the address
              </Button>
            ) : null}
            {own ? (
              <Link
                to={`${here}?stop=${practitionerId}`}
                preventScrollReset
                className={buttonClass({ kind: "danger-quiet" })}
                aria-label={`Stop my address of ${practitionerName}`}
              >
                Stop my address
              </Link>
            ) : null}
            {mayStopAll && others > 0 ? (
              <Link
                to={`${here}?stop-all=${practitionerId}`}
                preventScrollReset
                className={buttonClass({ kind: "danger-quiet" })}
                aria-label={`Stop everybody's addresses of ${practitionerName}`}
              >
                Stop everybody&rsquo;s
              </Link>
            ) : null}
          </Form>
        )}
      </div>
    </Card>
  );
}

/** Asks before an address is stopped: a calendar app that reads it cannot be given the same one again. */
export function StopDialog({ asked, formKey }: { asked: StopQuestion | null; formKey: string }) {
  const hydrated = useHydrated();
  const navigate = useNavigate();
  if (!hydrated) return null;
  return (
    <Dialog
      role="alertdialog"
      title={asked?.all === true ? "Stop everybody's addresses?" : "Stop your address?"}
      isOpen={asked !== null}
      returnTo={asked === null ? undefined : `make-${asked.line.practitionerId}`}
      onClose={() => void navigate(here, { preventScrollReset: true, replace: true })}
    >
      {asked === null ? null : <StopForm asked={asked} formKey={formKey} />}
    </Dialog>
  );
}

function StopForm({ asked: { line, all }, formKey }: { asked: StopQuestion; formKey: string }) {
  const pending = useNavigation().state === "submitting";
  return (
    <Form method="post" action={here} preventScrollReset className="flex flex-col gap-3">
      <p>
        {all ? "Every calendar app" : "A calendar app"} that reads {line.practitionerName}&rsquo;s bookings{" "}
        {all ? "here" : "with your address"} gets nothing more. This address never works again; you can make a new one.
      </p>
      <input type="hidden" name="key" value={formKey} />
      <div className="flex flex-wrap justify-end gap-2">
        <Link to={here} replace preventScrollReset className={buttonClass()}>
          Keep it
        </Link>
        <Button
          type="submit"
          name="intent"
          value={`${all ? "stop-all" : "stop"} ${line.practitionerId}`}
          kind="danger"
          pending={pending}
          pendingLabel="Stopping…"
        >
          {all ? "Stop them all" : "Stop it"}
        </Button>
      </div>
    </Form>
  );
}
