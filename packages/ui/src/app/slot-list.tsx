import { cx } from "./cx.ts";

export type SlotGroup = { title: string; slots: { value: string; label: string; spoken: string; taken: boolean }[] };

type SlotListProps = {
  name: string;
  legend: string;
  groups: readonly SlotGroup[];
  value: string | null;
  onChange: (value: string) => void;
};

/**
 * Times to choose from: native radios, so that they post without JavaScript and arrows go between them. A time that was
 * taken keeps its box and its focus, and says so.
 */
export function SlotList({ name, legend, groups, value, onChange }: SlotListProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="text-14 font-semibold text-text">{legend}</legend>
      {groups.map((group) => (
        <div key={group.title}>
          <p className="text-13 text-muted">{group.title}</p>
          <div className="mt-1 grid grid-cols-[repeat(auto-fill,minmax(4.25rem,1fr))] gap-1.5">
            {group.slots.map((slot) => (
              <label
                key={slot.value}
                className={cx(
                  "relative flex min-h-8 cursor-pointer items-center justify-center rounded-input border border-border-strong bg-raised px-1 text-14 tabular-nums has-checked:border-brand has-checked:bg-brand-soft has-checked:font-semibold has-checked:text-brand has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus pointer-coarse:min-h-11",
                  slot.taken && "cursor-default border-dashed text-muted",
                )}
              >
                <input
                  type="radio"
                  name={name}
                  value={slot.value}
                  checked={slot.value === value}
                  aria-label={slot.taken ? `${slot.spoken}, taken` : slot.spoken}
                  aria-disabled={slot.taken ? true : undefined}
                  onChange={() => {
                    if (!slot.taken) onChange(slot.value);
                  }}
                  className="absolute inset-0 m-0 cursor-[inherit] appearance-none rounded-input opacity-0"
                />
                <span aria-hidden="true">{slot.taken ? "Taken" : slot.label}</span>
              </label>
            ))}
          </div>
        </div>
      ))}
    </fieldset>
  );
}
