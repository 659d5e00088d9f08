import {
  Button,
  buttonClass,
  Card,
  ChangedBanner,
  Checkbox,
  ErrorSummary,
  Notice,
  Select,
  Switch,
  TextField,
} from "@pulsecal/ui/app";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Form, Link, useNavigation } from "react-router";
import { type Unreached, unreachedText } from "../../lib/keep-typed.ts";
import { useHydrated } from "../../lib/live.tsx";
import { draftOfService, durationText, type ServiceText } from "./service-draft.ts";
import { isFineRule, ServiceRuleFields } from "./service-rule-fields.tsx";
import type { ServiceAnswer } from "./services.tsx";
import type { Practitioner, ServiceView } from "./types.ts";
import { UnsavedGuard } from "./unsaved.tsx";

type ServiceFormProps = {
  service: ServiceView | undefined;
  practitioners: Practitioner[];
  /** rooms and devices that can be needed; other doctors can be, too */
  rooms: { id: string; name: string }[];
  idempotencyKey: string;
  answer: ServiceAnswer | Unreached | undefined;
  closeHref: string;
};

const refusals: Record<string, string> = {
  unreached: unreachedText,
  forbidden: "Your role does not allow changing services. An owner or a manager can.",
};

/** The choices of a list, with the saved value among them even when it is an unusual one. */
const choices = (usual: number[], saved: string, text: (value: number) => string) =>
  [...new Set([...usual, Number(saved)])]
    .filter((value) => Number.isInteger(value))
    .toSorted((a, b) => a - b)
    .map((value) => ({ value: String(value), label: text(value) }));

/** The form of one service. It shows what it was opened with until its user asks for what somebody else made of it. */
export function ServiceForm(props: ServiceFormProps) {
  const { service, answer } = props;
  const hydrated = useHydrated();
  const { state } = useNavigation();
  const [opened, setOpened] = useState(service);
  const [kept, setKept] = useState(service?.version);
  const [touched, setTouched] = useState(answer !== undefined && "draft" in answer);
  const [dropped, setDropped] = useState<ServiceFormProps["answer"]>(undefined);
  const isChanged = service !== undefined && service.version !== kept;
  const show = useCallback((newer: ServiceView) => {
    setOpened(newer);
    setKept(newer.version);
    setTouched(false);
  }, []);
  // What nobody has typed in simply follows.
  useEffect(() => {
    if (isChanged && !touched) show(service);
  }, [isChanged, touched, service, show]);
  return (
    <div className="flex min-w-0 flex-col gap-4 self-start">
      {hydrated ? <UnsavedGuard dirty={touched && state === "idle"} what="The service you typed" /> : null}
      {isChanged && touched && state === "idle" ? (
        <ChangedBanner
          what={changedText(service.name)}
          onSee={() => {
            setDropped(answer);
            show(service);
          }}
          onKeep={() => setKept(service.version)}
        />
      ) : null}
      <Fields
        key={opened?.version}
        {...props}
        service={opened}
        version={kept}
        answer={answer === dropped ? undefined : answer}
        onTouch={() => setTouched(true)}
      />
    </div>
  );
}

const changedText = (name: string): string => `Someone else changed ${name} while you were typing`;

type FieldsProps = ServiceFormProps & {
  /** what a save says it has seen */
  version: string | undefined;
  onTouch: () => void;
};

/** The fields keep their own text; an answer from the server only adds what is wrong. */
function Fields(props: FieldsProps) {
  const { service, version, practitioners, rooms, idempotencyKey, answer, closeHref, onTouch } = props;
  const hydrated = useHydrated();
  const pending = useNavigation().state === "submitting";
  const typed = answer !== undefined && "draft" in answer ? answer : undefined;
  const draft =
    typed?.draft ??
    draftOfService(
      service,
      practitioners.map((one) => one.id),
    );
  const problems = useMemo(() => typed?.problems ?? [], [typed]);
  const problem = answer !== undefined && "problem" in answer ? answer.problem : undefined;
  const errorOf = (id: string) => problems.find((one) => one.id === id)?.text;
  const number = (id: ServiceText, label: string, hint?: string) => (
    <TextField
      id={id}
      name={id}
      label={label}
      hint={hint}
      inputMode="numeric"
      defaultValue={draft[id]}
      error={errorOf(id)}
      inputClassName="tabular-nums"
    />
  );
  return (
    <Card title={service === undefined ? "New service" : service.name} id="service" className="self-start">
      <Form method="post" noValidate preventScrollReset onChange={onTouch} className="flex flex-col gap-4 p-4">
        <ErrorSummary problems={problems} />
        {problem === "changed_meanwhile" && service !== undefined && !hydrated ? (
          <Notice tone="warning" role="status" title={changedText(service.name)}>
            What you typed is still here: save again to keep it, or{" "}
            <a href={`?edit=${service.id}`}>see the service as it is now</a>.
          </Notice>
        ) : null}
        {problem === undefined || problem === "changed_meanwhile" ? null : (
          <Notice tone="danger" role="alert">
            {refusals[problem] ?? "We could not save this. Nothing was lost; try again."}
          </Notice>
        )}
        {service === undefined ? null : <input type="hidden" name="id" value={service.id} />}
        {version === undefined ? null : <input type="hidden" name="version" value={version} />}
        <input type="hidden" name="key" value={idempotencyKey} />
        <TextField
          id="name"
          name="name"
          label="Name"
          defaultValue={draft.name}
          error={errorOf("name")}
          autoComplete="off"
        />
        <div className="grid grid-cols-2 gap-4">
          {number("minutes", "Length, minutes")}
          <TextField
            id="price"
            name="price"
            label="Price at the clinic"
            before="R"
            inputMode="decimal"
            defaultValue={draft.price}
            error={errorOf("price")}
            inputClassName="tabular-nums"
          />
        </div>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-14 font-semibold">Who does it</legend>
          {practitioners.map((one) => (
            <Checkbox
              key={one.id}
              name="practitionerIds"
              value={one.id}
              defaultChecked={draft.practitionerIds.includes(one.id)}
            >
              {one.name}
            </Checkbox>
          ))}
        </fieldset>
        <fieldset className="border-t border-border pt-3">
          <legend className="sr-only">How times are offered</legend>
          <div className="grid grid-cols-2 gap-4">
            {number("bufferBefore", "Free before, min")}
            {number("bufferAfter", "Free after, min")}
            <Select
              id="intervalMinutes"
              name="intervalMinutes"
              label="Offer a time every"
              defaultValue={draft.intervalMinutes}
              options={choices([5, 10, 15, 20, 30, 45, 60], draft.intervalMinutes, durationText)}
              error={errorOf("intervalMinutes")}
            />
            <Select
              id="noticeMinutes"
              name="noticeMinutes"
              label="Shortest notice"
              defaultValue={draft.noticeMinutes}
              options={choices([0, 30, 60, 120, 240, 1440, 2880], draft.noticeMinutes, durationText)}
              error={errorOf("noticeMinutes")}
            />
          </div>
        </fieldset>
        <ServiceRuleFields
          draft={draft}
          errorOf={errorOf}
          resources={[...rooms, ...practitioners.map(({ id, name }) => ({ id, name }))]}
          open={problems.some(({ id }) => isFineRule(id))}
        />
        <Switch name="needsApproval" value="on" defaultChecked={draft.needsApproval}>
          We answer each request by hand
        </Switch>
        <Switch name="active" value="on" defaultChecked={draft.active}>
          Patients can book it
        </Switch>
        <div className="flex flex-wrap gap-2 border-t border-border pt-4">
          <Button type="submit" kind="primary" pending={pending} pendingLabel="Saving…">
            Save service
          </Button>
          <Link to={closeHref} preventScrollReset className={buttonClass()}>
            Close
          </Link>
        </div>
      </Form>
    </Card>
  );
}
