import { Button, buttonClass, Card, Checkbox, ErrorSummary, Notice, Select, TextField } from "@pulsecal/ui/app";
import { Form, Link, useNavigation } from "react-router";
import type { WaitAnswer } from "./waitlist-add.server.ts";
import { partsOfDay, urgencies } from "./waitlist-words.ts";

type FormProps = {
  services: readonly { id: string; name: string }[];
  practitioners: readonly { id: string; name: string }[];
  idempotencyKey: string;
  answer: WaitAnswer | undefined;
  problem: string | undefined;
  closeHref: string;
};

/** Somebody who called: what they need, when they can come, how soon. */
export function WaitlistForm({ services, practitioners, idempotencyKey, answer, problem, closeHref }: FormProps) {
  const pending = useNavigation().state === "submitting";
  const typed = answer?.typed;
  const text = (id: "name" | "phone" | "email" | "notBefore" | "notAfter") => ({
    id: `wait-${id}`,
    name: id,
    defaultValue: typed?.[id] ?? "",
    error: answer?.problems?.find((one) => one.id === `wait-${id}`)?.text,
    autoComplete: "off",
  });
  const named = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });
  return (
    <Card title="Add a person" id="add" className="self-start">
      <Form method="post" noValidate preventScrollReset className="flex flex-col gap-4 p-4">
        <input type="hidden" name="intent" value="add" />
        <input type="hidden" name="key" value={idempotencyKey} />
        <ErrorSummary problems={answer?.problems ?? []} />
        {problem === undefined ? null : (
          <Notice tone="danger" role="alert">
            {problem}
          </Notice>
        )}
        <TextField {...text("name")} label="Patient's name" maxLength={120} />
        <div className="grid grid-cols-2 gap-4">
          <TextField {...text("phone")} label="Cell number" type="tel" maxLength={40} />
          <TextField {...text("email")} label="Email" type="email" maxLength={254} />
        </div>
        <Select label="Service" name="serviceId" defaultValue={typed?.serviceId ?? ""} options={services.map(named)} />
        <Select
          label="With"
          name="who"
          defaultValue={typed?.who ?? "any"}
          options={[{ value: "any", label: "Any doctor" }, ...practitioners.map(named)]}
        />
        <fieldset>
          <legend className="text-14 font-semibold">When they can come</legend>
          <p className="text-13 text-muted">Nothing ticked is any time.</p>
          <div className="flex gap-5">
            {partsOfDay.map(({ value, label }) => (
              <Checkbox key={value} name="parts" value={value} defaultChecked={typed?.parts.includes(value) ?? false}>
                {label[0]?.toUpperCase() + label.slice(1)}
              </Checkbox>
            ))}
          </div>
        </fieldset>
        <div className="grid grid-cols-2 gap-4">
          <TextField {...text("notBefore")} label="From (optional)" type="date" />
          <TextField {...text("notAfter")} label="Until (optional)" type="date" />
        </div>
        <Select label="How soon" name="urgency" defaultValue={typed?.urgency ?? "0"} options={[...urgencies]} />
        <div className="flex flex-wrap gap-2 border-t border-border pt-4">
          <Button type="submit" kind="primary" pending={pending} pendingLabel="Saving…">
            Put on the list
          </Button>
          <Link to={closeHref} preventScrollReset className={buttonClass()}>
            Close
          </Link>
        </div>
      </Form>
    </Card>
  );
}
