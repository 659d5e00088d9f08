import { dayOf, formatWhen } from "@pulsecal/core";
import { Button, Card, ErrorSummary, TextField } from "@pulsecal/ui/app";
import { Form, Link, useNavigation } from "react-router";
import { MeetsNotice } from "./meets-notice.tsx";
import type { RoomsAnswer } from "./rooms.tsx";
import { StretchFields } from "./stretch-fields.tsx";
import type { Staff } from "./types.ts";

type ClosuresProps = {
  closures: Staff["closures"]["list"];
  zone: string;
  answer: RoomsAnswer | undefined;
  mayWrite: boolean;
  idempotencyKey: string;
};

/** When the whole clinic is shut; bookings already made stay and are settled one by one. */
export function ClosuresCard({ closures, zone, answer, mayWrite, idempotencyKey }: ClosuresProps) {
  const navigation = useNavigation();
  const sent = navigation.state === "submitting" ? navigation.formData?.get("intent") : null;
  const own = answer?.part === "closure" ? answer : undefined;
  const errorOf = (id: string) => own?.problems?.find((one) => one.id === id)?.text;
  return (
    <Card title="When the clinic is shut" id="closures">
      {closures.length === 0 ? <p className="px-4 py-3 text-14 text-muted">Nothing planned.</p> : null}
      <ul className="divide-y divide-border">
        {closures.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 text-14">
            <span className="min-w-0 flex-1 basis-48">
              <span className="font-semibold">{one.label}</span>{" "}
              <span className="block text-muted tabular-nums">
                {formatWhen(+one.startsAt, zone)} to {formatWhen(+one.endsAt, zone)}
              </span>
            </span>
            <Link to={`/portal/agenda?date=${dayOf(+one.startsAt, zone)}`} aria-label={`Agenda, for ${one.label}`}>
              Agenda
            </Link>
            {mayWrite ? (
              <Form method="post" preventScrollReset>
                <input type="hidden" name="key" value={`${idempotencyKey}.${one.id}`} />
                <Button
                  type="submit"
                  name="intent"
                  value={`remove ${one.id}`}
                  kind="quiet"
                  aria-label={`Remove ${one.label}`}
                >
                  Remove
                </Button>
              </Form>
            ) : null}
          </li>
        ))}
      </ul>
      {mayWrite ? (
        <Form
          key={closures.length}
          method="post"
          noValidate
          preventScrollReset
          className="flex flex-col gap-3 border-t border-border px-4 py-3"
        >
          {/* First in the form, so that Enter in a field saves. */}
          <button type="submit" name="intent" value="closure" tabIndex={-1} aria-hidden="true" className="sr-only">
            Save
          </button>
          <input type="hidden" name="key" value={`${idempotencyKey}.closure`} />
          <ErrorSummary problems={(own?.problems ?? []).map((one) => ({ ...one, id: `closure-${one.id}` }))} />
          <TextField
            id="closure-label"
            name="label"
            label="What for"
            hint="Staff see it in the agenda."
            defaultValue={own?.typed["label"] ?? ""}
            error={errorOf("label")}
            maxLength={100}
            autoComplete="off"
          />
          <StretchFields
            prefix="closure"
            valueOf={(name) => own?.typed[name] ?? (name === "fromTime" ? "00:00" : name === "toTime" ? "24:00" : "")}
            errorOf={errorOf}
          />
          {own?.meets === undefined ? null : (
            <MeetsNotice
              meets={own.meets}
              zone={zone}
              then="They keep their time: move or cancel each of them in the agenda."
            />
          )}
          <div className="flex flex-wrap gap-2">
            <Button
              type="submit"
              name="intent"
              value="closure-preview"
              pending={sent === "closure-preview"}
              pendingLabel="Looking…"
            >
              See whom it meets
            </Button>
            <Button type="submit" name="intent" value="closure" pending={sent === "closure"} pendingLabel="Saving…">
              Save closure
            </Button>
          </div>
        </Form>
      ) : null}
    </Card>
  );
}
