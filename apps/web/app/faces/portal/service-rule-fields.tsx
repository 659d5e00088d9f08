import { Checkbox, Select, TextField } from "@pulsecal/ui/app";
import { useState } from "react";
import { LimitFields } from "./limit-fields.tsx";
import { emptyNeed, type NeedDraft, type ServiceDraft, type ServiceText } from "./service-draft.ts";

type FieldsProps = {
  draft: ServiceDraft;
  errorOf: (id: string) => string | undefined;
  /** what a service may need besides its doctor */
  resources: { id: string; name: string }[];
  /** something in here has to change */
  open: boolean;
};

const fine =
  /^(?:otherMinutes|alignment|alignmentOffset|horizon\w+|seats|dayCount|dayMinutes|weekCount|weekMinutes|need-.*)$/;

/** Whether a field is one of these. */
export const isFineRule = (id: string): boolean => fine.test(id);

const alignments = [
  { value: "clock", label: "On the clock: 08:00, 08:20" },
  { value: "opening", label: "Counted from opening" },
  { value: "packed", label: "Right after the one before" },
];
const horizons = [
  { value: "days", label: "A number of days" },
  { value: "working_days", label: "A number of working days" },
  { value: "range", label: "From one date to another" },
];

/** The rules most services never need: lengths to choose, where starts lie, how far ahead, seats, limits, rooms. */
export function ServiceRuleFields({ draft, errorOf, resources, open }: FieldsProps) {
  const [horizon, setHorizon] = useState(draft.horizonKind);
  const [alignment, setAlignment] = useState(draft.alignment);
  const text = (id: ServiceText) => ({
    id,
    name: id,
    defaultValue: draft[id],
    error: errorOf(id),
    inputClassName: "tabular-nums",
  });
  const numeric = { inputMode: "numeric" } as const;
  return (
    <details open={open} className="border-t border-border pt-3">
      <summary className="cursor-pointer py-1 text-14 font-semibold text-brand">
        Lengths, limits, seats, rooms and dates
      </summary>
      <div className="mt-3 flex flex-col gap-5">
        <div className="grid grid-cols-2 items-end gap-4">
          <TextField {...text("otherMinutes")} label="Other lengths" hint="Minutes, like 30, 40" />
          <TextField {...text("seats")} {...numeric} label="Seats" hint="More than 1 is a group" />
          <Select
            id="alignment"
            name="alignment"
            label="Where starts lie"
            value={alignment}
            onChange={setAlignment}
            options={alignments}
            className="col-span-2"
          />
          {alignment === "clock" ? (
            <TextField {...text("alignmentOffset")} {...numeric} label="Minutes past each step" />
          ) : (
            <input type="hidden" name="alignmentOffset" value={draft.alignmentOffset} />
          )}
          <Select
            id="horizonKind"
            name="horizonKind"
            label="How far ahead"
            value={horizon}
            onChange={setHorizon}
            options={horizons}
            className="col-span-2"
          />
          {/* Every field is there without JavaScript, too: the choice above only shows the ones that count. */}
          <div className={horizon === "range" ? "hidden noscript:block" : undefined}>
            <TextField {...text("horizonDays")} {...numeric} label={horizon === "days" ? "Days" : "Working days"} />
          </div>
          <div className={horizon === "range" ? "col-span-2 grid grid-cols-2 gap-4" : "hidden noscript:block"}>
            <TextField {...text("horizonFrom")} type="date" label="First day" />
            <TextField {...text("horizonUntil")} type="date" label="Last day" />
          </div>
        </div>
        <fieldset>
          <legend className="text-14 font-semibold">At most</legend>
          <p className="mb-2 text-13 text-muted">Leave empty for no limit. All doctors count together.</p>
          <LimitFields fieldOf={text} />
        </fieldset>
        <NeedFields needs={draft.needs} resources={resources} errorOf={errorOf} />
      </div>
    </details>
  );
}

type NeedsProps = { needs: NeedDraft[]; resources: { id: string; name: string }[]; errorOf: FieldsProps["errorOf"] };

/** What has to be free besides the doctor. One empty need stands ready; a need without ticks is taken away on saving. */
function NeedFields({ needs, resources, errorOf }: NeedsProps) {
  if (resources.length === 0) return null;
  const fieldOf = (n: number, need: NeedDraft, name: Exclude<keyof NeedDraft, "of">) => ({
    id: `need-${n}-${name}`,
    name: `need.${n}.${name}`,
    inputMode: "numeric" as const,
    autoComplete: "off",
    defaultValue: need[name],
    error: errorOf(`need-${n}-${name}`),
    inputClassName: "tabular-nums",
  });
  return (
    <div>
      <p className="text-14 font-semibold">Needs besides the doctor</p>
      <p className="mb-2 text-13 text-muted">
        Tick what will do, and how many of them must be free at once. A scanner may be needed for the first minutes
        only, or take longer to clean than the visit leaves.
      </p>
      <div className="flex flex-col gap-3">
        {[...needs, emptyNeed].map((need, n) => (
          // Needs in a form have no identity but their place.
          <fieldset key={n} className="rounded-card border border-border px-3 pb-2">
            <legend className="px-1 text-13 text-muted">{n < needs.length ? `Need ${n + 1}` : "One more need"}</legend>
            <div className="flex flex-wrap items-center gap-x-5">
              {resources.map((one) => (
                <Checkbox key={one.id} name={`need.${n}.of`} value={one.id} defaultChecked={need.of.includes(one.id)}>
                  {one.name}
                </Checkbox>
              ))}
            </div>
            <div className="mt-1 grid grid-cols-2 items-end gap-x-4 gap-y-2">
              <TextField {...fieldOf(n, need, "count")} label="How many of these" />
              <TextField {...fieldOf(n, need, "minutes")} label="Needed for, min" placeholder="whole visit" />
              <TextField {...fieldOf(n, need, "bufferBefore")} label="Free before, min" placeholder="as the visit" />
              <TextField {...fieldOf(n, need, "bufferAfter")} label="Free after, min" placeholder="as the visit" />
            </div>
          </fieldset>
        ))}
      </div>
    </div>
  );
}
