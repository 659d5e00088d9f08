import { Button, controlClass, cx, MinuteField, parseMinutes, Select, TextField } from "@pulsecal/ui/app";
import { useEffect, useRef, useState } from "react";
import { Form, useSubmit } from "react-router";
import { textOf } from "../../../lib/form.ts";
import { useHydrated, useLiveState } from "../../../lib/live.tsx";
import type { SeriesPage } from "./read-series.server.ts";
import { type Frequency, type RuleTyped, weekdayNames, weekdayOf, weekdays } from "./rule.ts";

type RuleProps = Pick<SeriesPage, "services" | "rule" | "problems">;

/** A moment of quiet after typing: nobody reads results of half a number. */
const quiet = 400;

/**
 * How a series repeats. With JavaScript every change asks at once, and the dates below follow; without it the button
 * asks. Everything is in the address.
 */
export function RuleForm({ services, rule, problems }: RuleProps) {
  const hydrated = useHydrated();
  const submit = useSubmit();
  const form = useRef<HTMLFormElement>(null);
  const waiting = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { state } = useLiveState();
  const [held, setHeld] = useState(false);
  const ask = () => {
    clearTimeout(timer.current);
    // A page that cannot be read would take what was typed with it: it is asked for once it can be.
    setHeld(state === "offline");
    if (state === "offline") return;
    waiting.current = false;
    void submit(form.current, { preventScrollReset: true, replace: true });
  };
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (held && state === "live") latest.current();
  }, [held, state]);
  const service = services.find(({ id }) => id === rule.service);
  const errorOf = (id: string) => problems.find((one) => one.id === id)?.text;
  const changed = () => {
    clearTimeout(timer.current);
    waiting.current = true;
    // A date half typed is no date yet: what is not whole is asked about when one leaves the form.
    timer.current = setTimeout(() => {
      if (isWhole(form.current)) ask();
    }, quiet);
  };
  return (
    <Form
      ref={form}
      method="get"
      noValidate
      preventScrollReset
      replace
      onChange={(event) => {
        if (event.target instanceof HTMLInputElement) followUp(event.currentTarget, event.target, rule);
        changed();
      }}
      onBlur={(event) => {
        if (waiting.current && !event.currentTarget.contains(event.relatedTarget)) ask();
      }}
      className="flex flex-col gap-4 p-4"
    >
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,15rem),1fr))] gap-4">
        <div className="flex flex-wrap gap-4">
          <Select
            id="rule-service"
            label="Service"
            name="service"
            defaultValue={rule.service}
            error={errorOf("rule-service")}
            options={services.map(({ id, name, minutes, lengths }) => ({
              value: id,
              label: lengths.length > 1 ? name : `${name}, ${minutes} min`,
            }))}
            className="flex-2 basis-40"
          />
          {service === undefined || service.lengths.length < 2 ? null : (
            <Select
              key={rule.service}
              label="Length"
              name="minutes"
              defaultValue={rule.minutes === "" ? String(service.minutes) : rule.minutes}
              options={service.lengths.map((one) => ({ value: String(one), label: `${one} min` }))}
              className="flex-1 basis-20"
            />
          )}
        </div>
        <Select
          key={rule.service}
          label="With"
          name="with"
          defaultValue={rule.practitioner}
          options={(service?.practitioners ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
        <div className="flex flex-wrap gap-4">
          <TextField
            id="rule-date"
            label="First date"
            type="date"
            name="date"
            defaultValue={rule.date}
            error={errorOf("rule-date")}
            isRequired
            className="flex-1 basis-32"
          />
          <TimeBox time={rule.time} error={errorOf("rule-time")} onChange={changed} />
        </div>
      </div>
      <Repeats rule={rule} everyError={errorOf("rule-every")} />
      <Ends rule={rule} errorOf={errorOf} />
      {held ? (
        <p role="status" className="text-14 font-semibold text-warning">
          You are offline. The dates below are those of before; we look again when you are back.
        </p>
      ) : null}
      {hydrated ? null : (
        <Button type="submit" className="self-start">
          Show dates
        </Button>
      )}
    </Form>
  );
}

function isWhole(form: HTMLFormElement | null): boolean {
  if (form === null || !form.checkValidity()) return false;
  const typed = new FormData(form);
  if (parseMinutes(textOf(typed, "time")) === null) return false;
  return typed.get("ends") !== "until" || typed.get("until") !== "";
}

/** What goes without saying: a number typed beside an end chooses that end, and the only weekday goes with the date. */
function followUp(form: HTMLFormElement, changed: HTMLInputElement, rule: RuleTyped): void {
  const ticks = [...form.querySelectorAll<HTMLInputElement>('input[name="day"], input[name="ends"]')];
  if (changed.name === "count" || changed.name === "until")
    for (const tick of ticks) if (tick.name === "ends") tick.checked = tick.value === changed.name;
  if (changed.name !== "date" || changed.value === "") return;
  const days = ticks.filter(({ name }) => name === "day");
  const ticked = days.filter(({ checked }) => checked);
  if (ticked.length !== 1 || ticked[0]?.value !== weekdayOf(rule.date)) return;
  for (const day of days) day.checked = day.value === weekdayOf(changed.value);
}

const labelClass = "text-14 font-semibold text-text";
const units: { value: Frequency; label: string }[] = [
  { value: "daily", label: "days" },
  { value: "weekly", label: "weeks" },
  { value: "monthly", label: "months" },
];

type TimeProps = { time: string; error: string | undefined; onChange: () => void };

/** The clinic's clock has 24 hours, whatever the computer's own habit is. */
function TimeBox({ time, error, onChange }: TimeProps) {
  const [value, setValue] = useState(time);
  return (
    <div className="flex min-w-0 flex-1 basis-20 flex-col gap-1">
      <label htmlFor="rule-time" className={labelClass}>
        Time
      </label>
      <ErrorLine id="rule-time" error={error} />
      <MinuteField
        id="rule-time"
        name="time"
        label="Time"
        value={value}
        onChange={(text) => {
          setValue(text);
          onChange();
        }}
        invalid={error !== undefined}
        describedBy={error === undefined ? undefined : "rule-time-error"}
        className="w-full px-2.5 text-left"
      />
    </div>
  );
}

function Repeats({ rule, everyError }: { rule: RuleTyped; everyError: string | undefined }) {
  const [freq, setFreq] = useState<string>(rule.freq);
  return (
    <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
      <fieldset>
        <legend className={labelClass}>Repeat every</legend>
        <div className="mt-1 flex gap-2">
          <NumberBox name="every" label="How many" value={rule.every} most={26} error={everyError} />
          <Select label="Unit" hideLabel name="freq" value={freq} onChange={setFreq} options={units} className="w-28" />
        </div>
        <ErrorLine id="rule-every" error={everyError} />
      </fieldset>
      <fieldset className={cx("min-w-0 max-w-full basis-96", freq !== "weekly" && "hidden noscript:block")}>
        <legend className={labelClass}>On</legend>
        <WeekdayTicks key={rule.date} rule={rule} />
      </fieldset>
    </div>
  );
}

/** The days of a weekly series. With none of them ticked it comes on the weekday of its first date, which is shown. */
function WeekdayTicks({ rule }: { rule: RuleTyped }) {
  const ticked = rule.days.length > 0 ? rule.days : [weekdayOf(rule.date)];
  return (
    <div className="mt-1 grid grid-cols-[repeat(auto-fit,minmax(2.6rem,1fr))] gap-1 sm:gap-1.5">
      {weekdays.map((day) => (
        <label
          key={day}
          className="relative flex min-h-8 cursor-pointer items-center justify-center rounded-input border border-border-strong bg-raised px-1 text-14 sm:px-2.5 has-checked:border-brand has-checked:bg-brand-soft has-checked:font-semibold has-checked:text-brand has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus pointer-coarse:min-h-11"
        >
          <input
            type="checkbox"
            name="day"
            value={day}
            defaultChecked={ticked.includes(day)}
            aria-label={weekdayNames[day]}
            className="absolute inset-0 m-0 cursor-pointer appearance-none rounded-input opacity-0"
          />
          <span aria-hidden="true">{weekdayNames[day].slice(0, 3)}</span>
        </label>
      ))}
    </div>
  );
}

type EndsProps = { rule: RuleTyped; errorOf: (id: string) => string | undefined };

function Ends({ rule, errorOf }: EndsProps) {
  const count = errorOf("rule-count");
  const until = errorOf("rule-until");
  return (
    <fieldset>
      <legend className={labelClass}>Ends</legend>
      <div className="mt-1 flex flex-wrap items-center gap-x-6 gap-y-2">
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <EndTick value="count" rule={rule} label="After" />
          <NumberBox name="count" label="How many times" value={rule.count} most={52} least={2} error={count} />
          <span className="text-14">times</span>
        </span>
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <EndTick value="until" rule={rule} label="On" />
          <input
            id="rule-until"
            type="date"
            name="until"
            defaultValue={rule.until}
            aria-label="Last date"
            aria-invalid={until === undefined ? undefined : true}
            aria-describedby={until === undefined ? undefined : "rule-until-error"}
            className={cx(controlClass, "w-40 max-w-full tabular-nums")}
          />
        </span>
      </div>
      <ErrorLine id="rule-count" error={count} />
      <ErrorLine id="rule-until" error={until} />
    </fieldset>
  );
}

function EndTick({ value, rule, label }: { value: RuleTyped["ends"]; rule: RuleTyped; label: string }) {
  return (
    <label className="flex min-h-8 cursor-pointer items-center gap-2 text-14 pointer-coarse:min-h-11">
      <input
        type="radio"
        name="ends"
        value={value}
        defaultChecked={rule.ends === value}
        className="size-4.5 cursor-pointer accent-brand"
      />
      {label}
    </label>
  );
}

type NumberProps = {
  name: string;
  label: string;
  value: string;
  least?: number;
  most: number;
  error: string | undefined;
};

function NumberBox({ name, label, value, least = 1, most, error }: NumberProps) {
  return (
    <input
      id={`rule-${name}`}
      type="number"
      inputMode="numeric"
      name={name}
      aria-label={label}
      min={least}
      max={most}
      defaultValue={value}
      aria-invalid={error === undefined ? undefined : true}
      aria-describedby={error === undefined ? undefined : `rule-${name}-error`}
      className={cx(controlClass, "w-18 text-center tabular-nums")}
    />
  );
}

function ErrorLine({ id, error }: { id: string; error: string | undefined }) {
  return error === undefined ? null : (
    <p id={`${id}-error`} className="text-13 font-semibold text-danger">
      {error}
    </p>
  );
}
