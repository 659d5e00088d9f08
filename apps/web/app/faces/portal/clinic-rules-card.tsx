import { Button, Card, ErrorSummary, Select, Switch, TextField } from "@pulsecal/ui/app";
import { Form, useNavigation } from "react-router";
import type { RoomsAnswer } from "./rooms.tsx";
import type { Staff } from "./types.ts";

type RulesProps = {
  rules: Staff["clinicRules"]["get"];
  answer: RoomsAnswer | undefined;
  mayWrite: boolean;
  idempotencyKey: string;
};

/** The few rules that hold for every doctor and service. */
export function ClinicRulesCard({ rules, answer, mayWrite, idempotencyKey }: RulesProps) {
  const navigation = useNavigation();
  const own = answer?.part === "rules" ? answer : undefined;
  const number = (name: "squeezeInCap" | "cancelUntilMinutes", label: string, hint: string) => (
    <TextField
      id={name}
      name={name}
      label={label}
      hint={hint}
      inputMode="numeric"
      isReadOnly={!mayWrite}
      defaultValue={own?.typed[name] ?? String(rules[name])}
      error={own?.problems?.find(({ id }) => id === name)?.text}
      inputClassName="max-w-28 tabular-nums"
    />
  );
  return (
    <Card title="Rules of the clinic" id="rules">
      <Form method="post" noValidate preventScrollReset className="flex flex-col gap-4 px-4 py-3">
        <input type="hidden" name="intent" value="rules" />
        <input type="hidden" name="version" value={rules.version} />
        <input type="hidden" name="key" value={`${idempotencyKey}.rules`} />
        <ErrorSummary problems={own?.problems ?? []} />
        <Select
          id="holidayCountry"
          name="holidayCountry"
          label="Public holidays"
          hint="Closed on these days, unless a doctor's date says otherwise."
          defaultValue={own?.typed["holidayCountry"] ?? rules.holidayCountry ?? ""}
          options={[
            { value: "", label: "Days like others" },
            ...rules.countries.map(({ code, name }) => ({ value: code, label: name })),
          ]}
        />
        {number("cancelUntilMinutes", "Patients may cancel or move until, minutes before", "120 is two hours.")}
        {number("squeezeInCap", "Squeezed in per doctor and day, at most", "Visits booked over others, with a reason.")}
        <Switch
          name="shareBuffers"
          value="on"
          defaultChecked={own === undefined ? rules.shareBuffers : "shareBuffers" in own.typed}
        >
          The free time of two neighbours may overlap
        </Switch>
        {mayWrite ? (
          <Button
            type="submit"
            kind="primary"
            pending={navigation.state === "submitting" && navigation.formData?.get("intent") === "rules"}
            pendingLabel="Saving…"
            className="self-start"
          >
            Save rules
          </Button>
        ) : null}
      </Form>
    </Card>
  );
}
