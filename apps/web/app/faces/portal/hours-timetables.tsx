import { Button, Card, controlClass, cx } from "@pulsecal/ui/app";
import { ChevronDown, Eye, Plus, X } from "lucide-react";
import { useState } from "react";
import type { HoursFieldsProps } from "./hours-fields.tsx";
import { type DraftTimetable, most } from "./hours-draft.ts";
import { CopyMonday, EditButton, WeekRows } from "./hours-windows.tsx";
import { stageOf, timetableText } from "./hours-words.ts";

type TimetablesProps = HoursFieldsProps & {
  today: string;
  zone: string;
  /** shows a day and the ones after it beside the form; absent where nothing can react */
  onLook: ((date: string) => void) | undefined;
};

const stages = {
  over: { text: "Over", tone: "bg-sunken text-muted" },
  now: { text: "Holds now", tone: "bg-success-soft text-success" },
  ahead: { text: "Ahead", tone: "bg-info-soft text-info" },
} as const;

/** Other weeks, each from one date to another. */
export function TimetableRules(props: TimetablesProps) {
  const { draft, onEdit, mayWrite } = props;
  const { length } = draft.timetables;
  return (
    <Card title="Timetables" id="timetables">
      <p className="px-4 pt-3 text-14 text-muted">
        {length === 0
          ? "None. Add one for school holidays, winter hours or a stand-in: another week from one date to another."
          : "While one holds, it replaces the usual week. Where two meet, the one that began last holds."}
      </p>
      <ul className="divide-y divide-border">
        {draft.timetables.map((table, n) => (
          // Rows have no identity of their own until they are saved: their place is their name.
          <li key={n}>
            <Timetable {...props} table={table} n={n} />
          </li>
        ))}
      </ul>
      {mayWrite && length < most.timetables ? (
        <div className="px-4 py-3">
          <EditButton edit="add-table" onEdit={onEdit}>
            <Plus aria-hidden="true" className="size-4" />
            Add a timetable
          </EditButton>
        </div>
      ) : null}
    </Card>
  );
}

function Timetable(props: TimetablesProps & { table: DraftTimetable; n: number }) {
  const { draft, table, n, problems, onChange, onEdit, mayWrite, today, zone, onLook } = props;
  const name = `Timetable ${n + 1}`;
  const set = (change: Partial<DraftTimetable>) =>
    onChange({ ...draft, timetables: draft.timetables.map((one, m) => (m === n ? { ...one, ...change } : one)) });
  const stage = stageOf(table, today);
  const isWrong = problems.some(({ id }) => id.startsWith(`t-${n}-`));
  // A new one begins open, and stays so while its dates are typed.
  const [isOpen, setOpen] = useState(table.from === "" && table.until === "");
  const date = (end: "from" | "until", label: string) => {
    const id = `t-${n}-${end}`;
    return (
      <label className="flex flex-wrap items-center gap-x-2 text-14">
        {label}
        <input
          id={id}
          type="date"
          name={`t.${n}.${end}`}
          aria-label={`${name}, ${label.toLowerCase()}`}
          value={table[end]}
          readOnly={!mayWrite}
          aria-invalid={problems.some((one) => one.id === id) ? true : undefined}
          onChange={(event) => set({ [end]: event.target.value })}
          className={cx(controlClass, "w-38 max-w-full tabular-nums")}
        />
      </label>
    );
  };
  return (
    <details open={isOpen || isWrong} onToggle={(event) => setOpen(event.currentTarget.open)} className="group">
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 px-4 py-1.5 text-14">
        <span className="font-semibold">{timetableText(table, { name, today, zone })}</span>
        {stage === null ? null : (
          <span className={cx("rounded-input px-1.5 text-13", stages[stage].tone)}>{stages[stage].text}</span>
        )}
        <ChevronDown aria-hidden="true" className="ml-auto size-4 text-muted group-open:rotate-180" />
      </summary>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pb-2">
        {date("from", "First day")}
        {date("until", "Last day")}
        <span className="text-13 text-muted">An empty last day: until further notice.</span>
      </div>
      <WeekRows
        week={table.weekly}
        prefix={`t.${n}.w`}
        named={`${name}, `}
        editOf={(word) => `in-table.${n}.${word}`}
        problems={problems}
        onWeek={(weekly) => set({ weekly })}
        onEdit={onEdit}
        mayWrite={mayWrite}
      />
      <div className="flex flex-wrap items-center gap-2 px-4 pt-1 pb-3">
        {mayWrite ? <CopyMonday edit={`in-table.${n}.copy`} named={`${name}: `} onEdit={onEdit} /> : null}
        {onLook === undefined || table.from === "" || stage === "over" ? null : (
          <Button kind="quiet" className="px-2" onPress={() => onLook(table.from < today ? today : table.from)}>
            <Eye aria-hidden="true" className="size-4" />
            See its first days
          </Button>
        )}
        {mayWrite ? (
          <EditButton edit={`remove-table.${n}`} onEdit={onEdit} quiet label={`Remove ${name.toLowerCase()}`}>
            <X aria-hidden="true" className="size-4" />
            Remove
          </EditButton>
        ) : null}
      </div>
    </details>
  );
}
