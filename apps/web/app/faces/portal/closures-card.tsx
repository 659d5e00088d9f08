import { formatWhen } from "@pulsecal/core";
import { Button, Card, ErrorSummary, TextField } from "@pulsecal/ui/app";
import { Form, useNavigation } from "react-router";
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
          <input type="hidden" name="intent" value="closure" />
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
          <Button
            type="submit"
            pending={navigation.state === "submitting" && navigation.formData?.get("intent") === "closure"}
            pendingLabel="Saving…"
            className="self-start"
          >
            Save closure
          </Button>
        </Form>
      ) : null}
    </Card>
  );
}
