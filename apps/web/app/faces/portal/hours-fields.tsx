import { dayStart, formatLongDay } from "@pulsecal/core";
import { Button, Card, controlClass, cx, MinuteField } from "@pulsecal/ui/app";
import { CopyPlus, Plus, X } from "lucide-react";
import { type DraftWindow, endsNextDay, type HoursDraft, type Problem, weekdays } from "./hours-draft.ts";

type FieldsProps = {
  draft: HoursDraft;
  problems: Problem[];
  onChange: (draft: HoursDraft) => void;
  /** Undefined until the page can react; then the buttons post and the server does the same. */
  onEdit: ((edit: string) => void) | undefined;
  mayWrite: boolean;
};

/** The usual week: a line per day, any number of hours in it. */
export function WeekRules({ draft, problems, onChange, onEdit, mayWrite }: FieldsProps) {
  const setWindow = (day: number, n: number, window: DraftWindow) =>
    onChange({
      ...draft,
      weekly: draft.weekly.map((windows, d) => (d === day ? replaced(windows, n, window) : windows)),
    });
  return (
    <Card
      title="Every week"
      id="weekly"
      aside={
        mayWrite ? (
          <EditButton edit="copy" onEdit={onEdit} quiet>
            <CopyPlus aria-hidden="true" className="size-4" />
            Copy Monday to Friday
          </EditButton>
        ) : undefined
      }
    >
      <ul className="divide-y divide-border">
        {weekdays.map((name, day) => {
          const windows = draft.weekly[day] ?? [];
          return (
            <li
              key={name}
              className="grid grid-cols-[5.5rem_minmax(0,1fr)] items-start gap-x-2 gap-y-1 px-4 py-2 sm:grid-cols-[6.5rem_minmax(0,1fr)]"
            >
              <span className="flex min-h-8 items-center text-14 font-semibold pointer-coarse:min-h-11">{name}</span>
              <Windows
                windows={windows}
                day={name}
                prefix={`w.${day}`}
                problems={problems}
                onWindow={(n, window) => setWindow(day, n, window)}
                onEdit={onEdit}
                addEdit={`add.${day}`}
                removeEdit={(n) => `remove.${day}.${n}`}
                mayWrite={mayWrite}
              />
            </li>
          );
        })}
      </ul>
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
}: FieldsProps & { today: string; zone: string }) {
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

type WindowsProps = {
  windows: DraftWindow[];
  day: string;
  prefix: string;
  problems: Problem[];
  onWindow: (n: number, window: DraftWindow) => void;
  onEdit: ((edit: string) => void) | undefined;
  addEdit: string;
  removeEdit: (n: number) => string;
  mayWrite: boolean;
};

function Windows({ windows, day, prefix, problems, onWindow, onEdit, addEdit, removeEdit, mayWrite }: WindowsProps) {
  const idOf = (n: number, end: "from" | "to") => `${prefix.replaceAll(".", "-")}-${n}-${end}`;
  return (
    <div className="flex min-w-0 flex-1 basis-40 flex-wrap items-center gap-x-3 gap-y-2">
      {windows.length === 0 ? (
        <span className="flex min-h-8 items-center text-14 text-muted pointer-coarse:min-h-11">Closed</span>
      ) : null}
      {windows.map((window, n) => {
        const wrong = (end: "from" | "to") => problems.some((problem) => problem.id === idOf(n, end));
        return (
          // Hours in a form have no identity but their place.
          <span key={n} className="flex flex-wrap items-center gap-1">
            <MinuteField
              id={idOf(n, "from")}
              name={`${prefix}.${n}.from`}
              label={`${day}, hours ${n + 1}, opens`}
              value={window.from}
              invalid={wrong("from")}
              readOnly={!mayWrite}
              onChange={(from) => onWindow(n, { ...window, from })}
            />
            <span aria-hidden="true" className="text-14 text-muted">
              to
            </span>
            <MinuteField
              id={idOf(n, "to")}
              name={`${prefix}.${n}.to`}
              label={`${day}, hours ${n + 1}, closes`}
              value={window.to}
              invalid={wrong("to")}
              readOnly={!mayWrite}
              onChange={(to) => onWindow(n, { ...window, to })}
            />
            {endsNextDay(window) ? (
              <span className="rounded-input bg-info-soft px-1.5 text-13 text-info">next day</span>
            ) : null}
            {mayWrite ? (
              <EditButton edit={removeEdit(n)} onEdit={onEdit} icon label={`Remove ${day}, hours ${n + 1}`}>
                <X aria-hidden="true" className="size-4" />
              </EditButton>
            ) : null}
            {mayWrite && n === windows.length - 1 ? (
              <EditButton edit={addEdit} onEdit={onEdit} icon label={`Add hours on ${day}`}>
                <Plus aria-hidden="true" className="size-4" />
              </EditButton>
            ) : null}
          </span>
        );
      })}
      {mayWrite && windows.length === 0 ? (
        <EditButton edit={addEdit} onEdit={onEdit} quiet label={`Add hours on ${day}`}>
          <Plus aria-hidden="true" className="size-4" />
          Add hours
        </EditButton>
      ) : null}
    </div>
  );
}

type EditButtonProps = {
  edit: string;
  onEdit: ((edit: string) => void) | undefined;
  quiet?: boolean;
  icon?: boolean;
  label?: string;
  children: React.ReactNode;
};

/** Changes the draft here, or posts the same wish when the page has no JavaScript. */
function EditButton({ edit, onEdit, quiet = false, icon = false, label, children }: EditButtonProps) {
  return (
    <Button
      type={onEdit === undefined ? "submit" : "button"}
      name="intent"
      value={edit}
      kind={quiet || icon ? "quiet" : "secondary"}
      aria-label={label}
      onPress={onEdit === undefined ? undefined : () => onEdit(edit)}
      className={icon ? "size-8 min-h-8 px-0 text-muted pointer-coarse:size-11" : quiet ? "px-2" : undefined}
    >
      {children}
    </Button>
  );
}

const replaced = (windows: DraftWindow[], n: number, window: DraftWindow): DraftWindow[] =>
  windows.map((other, m) => (m === n ? window : other));

const nameOfDate = (date: string, zone: string): string | null =>
  /^\d{4}-\d{2}-\d{2}$/.test(date) ? formatLongDay(dayStart(date, zone), zone) : null;
