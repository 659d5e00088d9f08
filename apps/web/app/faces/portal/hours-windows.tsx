import { Button, MinuteField } from "@pulsecal/ui/app";
import { CopyPlus, Plus, X } from "lucide-react";
import { type DraftWeek, type DraftWindow, endsNextDay, type Problem, weekdays } from "./hours-draft.ts";
import { editId } from "./hours-edit.ts";

type WeekProps = {
  week: DraftWeek;
  /** where its fields stand in the form, "w" or "t.0.w" */
  prefix: string;
  /** said before the day in the name of each field */
  named?: string;
  /** the word of one of its buttons as the form posts it */
  editOf: (word: string) => string;
  problems: Problem[];
  onWeek: (week: DraftWeek) => void;
  /** Undefined until the page can react; then the buttons post and the server does the same. */
  onEdit: ((edit: string) => void) | undefined;
  mayWrite: boolean;
};

/** A line per day, any number of hours in it. */
export function WeekRows({ week, prefix, named = "", editOf, problems, onWeek, onEdit, mayWrite }: WeekProps) {
  return (
    <ul className="divide-y divide-border">
      {weekdays.map((name, day) => (
        <li
          key={name}
          className="grid grid-cols-[5.5rem_minmax(0,1fr)] items-start gap-x-2 gap-y-1 px-4 py-2 sm:grid-cols-[6.5rem_minmax(0,1fr)]"
        >
          <span className="flex min-h-8 items-center text-14 font-semibold pointer-coarse:min-h-11">{name}</span>
          <Windows
            windows={week[day] ?? []}
            day={`${named}${name}`}
            prefix={`${prefix}.${day}`}
            problems={problems}
            onWindow={(n, window) =>
              onWeek(week.map((windows, d) => (d === day ? replaced(windows, n, window) : windows)))
            }
            onEdit={onEdit}
            addEdit={editOf(`add.${day}`)}
            removeEdit={(n) => editOf(`remove.${day}.${n}`)}
            mayWrite={mayWrite}
          />
        </li>
      ))}
    </ul>
  );
}

/** Gives Tuesday to Friday the hours of Monday. */
export function CopyMonday({ edit, named = "", onEdit }: { edit: string; named?: string } & Pick<WeekProps, "onEdit">) {
  return (
    <EditButton edit={edit} onEdit={onEdit} quiet label={`${named}Copy Monday to Friday`}>
      <CopyPlus aria-hidden="true" className="size-4" />
      Copy Monday to Friday
    </EditButton>
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

/** The hours of one day or date, and a button for more. */
export function Windows({
  windows,
  day,
  prefix,
  problems,
  onWindow,
  onEdit,
  addEdit,
  removeEdit,
  mayWrite,
}: WindowsProps) {
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
export function EditButton({ edit, onEdit, quiet = false, icon = false, label, children }: EditButtonProps) {
  return (
    <Button
      id={editId(edit)}
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

/** The windows with one of them changed. */
export const replaced = (windows: DraftWindow[], n: number, window: DraftWindow): DraftWindow[] =>
  windows.map((other, m) => (m === n ? window : other));
