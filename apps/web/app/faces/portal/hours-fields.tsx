import { dayStart, formatLongDay } from "@pulsecal/core";
import { Card, controlClass, cx } from "@pulsecal/ui/app";
import { Plus, X } from "lucide-react";
import { type HoursDraft, type Problem } from "./hours-draft.ts";
import { LimitFields } from "./limit-fields.tsx";
import { CopyMonday, EditButton, replaced, WeekRows, Windows } from "./hours-windows.tsx";

export type HoursFieldsProps = {
  draft: HoursDraft;
  problems: Problem[];
  onChange: (draft: HoursDraft) => void;
  /** Undefined until the page can react; then the buttons post and the server does the same. */
  onEdit: ((edit: string) => void) | undefined;
  mayWrite: boolean;
};

/** Whether a room or a device is there at any hour, or keeps hours of its own. */
export function PresenceRules({ draft, problems, mayWrite, onPresence }: PresenceProps) {
  const problem = problems.find(({ id }) => id === "there");
  const choice = (value: "always" | "own", text: string, hint: string) => (
    <div className="py-1">
      <label className="flex min-h-8 cursor-pointer items-center gap-2 text-14 font-semibold pointer-coarse:min-h-11">
        <input
          type="radio"
          id={value === "own" ? "there" : undefined}
          name="there"
          value={value}
          disabled={!mayWrite}
          checked={(value === "always") === draft.atAnyHour}
          aria-describedby={`there-${value}`}
          onChange={() => onPresence(value === "always")}
          className="size-4.5 shrink-0 cursor-pointer accent-brand"
        />
        <span>{text}</span>
      </label>
      <p id={`there-${value}`} className="pl-6.5 text-13 text-muted">
        {hint}
      </p>
    </div>
  );
  return (
    <Card title="When it is there" id="there-title">
      <div role="radiogroup" aria-labelledby="there-title" className="flex flex-col gap-1 px-4 py-2">
        {choice("always", "At any hour", "Whenever a doctor is there. Dates below can differ.")}
        {choice("own", "Within hours of its own", "Visits that need it are offered only then.")}
        {problem === undefined ? null : <p className="text-13 font-semibold text-danger">{problem.text}</p>}
      </div>
    </Card>
  );
}

type PresenceProps = Pick<HoursFieldsProps, "draft" | "problems" | "mayWrite"> & {
  onPresence: (atAnyHour: boolean) => void;
};

/** The usual week. */
export function WeekRules({ draft, onChange, ...rest }: HoursFieldsProps) {
  return (
    <Card
      title="Every week"
      id="weekly"
      aside={rest.mayWrite ? <CopyMonday edit="copy" onEdit={rest.onEdit} /> : undefined}
    >
      <WeekRows
        {...rest}
        week={draft.weekly}
        prefix="w"
        editOf={(word) => word}
        onWeek={(weekly) => onChange({ ...draft, weekly })}
      />
    </Card>
  );
}

/** The most there may be with one person, whatever the service. */
export function LimitRules({ draft, problems, onChange, mayWrite }: HoursFieldsProps) {
  return (
    <Card title="At most" id="limits">
      <div className="flex flex-col gap-3 px-4 py-3">
        <p className="text-13 text-muted">Leave empty for no limit. All services count together.</p>
        <LimitFields
          fieldOf={(name) => ({
            id: `limit-${name}`,
            name: `limit.${name}`,
            value: draft.limits[name],
            onChange: (text) => onChange({ ...draft, limits: { ...draft.limits, [name]: text } }),
            error: problems.find(({ id }) => id === `limit-${name}`)?.text,
            isReadOnly: !mayWrite,
          })}
        />
      </div>
    </Card>
  );
}

/** Single dates that differ. A date without hours is closed. */
export function DateRules({
  draft,
  problems,
  onChange,
  onEdit,
  mayWrite,
  today,
  zone,
}: HoursFieldsProps & { today: string; zone: string }) {
  const setDate = (n: number, change: Partial<HoursDraft["overrides"][number]>) =>
    onChange({ ...draft, overrides: draft.overrides.map((one, m) => (m === n ? { ...one, ...change } : one)) });
  return (
    <Card title="Dates that are different" id="dates">
      {draft.overrides.length === 0 ? (
        <p className="px-4 pt-3 text-14 text-muted">None. Add a public holiday or a late evening here.</p>
      ) : null}
      <ul className="divide-y divide-border">
        {draft.overrides.map((one, n) => {
          const id = `o-${n}-date`;
          const problem = problems.find((each) => each.id === id);
          const name = nameOfDate(one.date, zone);
          return (
            // Rows have no identity of their own until they are saved: their place is their name.
            <li key={n} className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-2">
              <div className="flex items-center gap-1">
                <input
                  id={id}
                  type="date"
                  name={`o.${n}.date`}
                  aria-label={name === null ? `Date ${n + 1}` : `Date ${n + 1}, ${name}`}
                  min={today}
                  value={one.date}
                  readOnly={!mayWrite}
                  aria-invalid={problem === undefined ? undefined : true}
                  onChange={(event) => setDate(n, { date: event.target.value })}
                  className={cx(controlClass, "w-38 tabular-nums")}
                />
                {mayWrite ? (
                  <EditButton
                    edit={`remove-date.${n}`}
                    onEdit={onEdit}
                    icon
                    label={`Remove ${name ?? `date ${n + 1}`}`}
                  >
                    <X aria-hidden="true" className="size-4" />
                  </EditButton>
                ) : null}
              </div>
              <Windows
                windows={one.windows}
                day={name ?? `Date ${n + 1}`}
                prefix={`o.${n}`}
                problems={problems}
                onWindow={(m, window) => setDate(n, { windows: replaced(one.windows, m, window) })}
                onEdit={onEdit}
                addEdit={`add-in.${n}`}
                removeEdit={(m) => `remove-in.${n}.${m}`}
                mayWrite={mayWrite}
              />
            </li>
          );
        })}
      </ul>
      {mayWrite ? (
        <div className="px-4 py-3">
          <EditButton edit="add-date" onEdit={onEdit}>
            <Plus aria-hidden="true" className="size-4" />
            Add a date
          </EditButton>
        </div>
      ) : null}
    </Card>
  );
}

const nameOfDate = (date: string, zone: string): string | null =>
  /^\d{4}-\d{2}-\d{2}$/.test(date) ? formatLongDay(dayStart(date, zone), zone) : null;
