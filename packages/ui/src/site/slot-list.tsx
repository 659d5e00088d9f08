export type Slot = {
  /** The instant, as ISO text: what the form sends and what live messages name. */
  start: string;
  time: string;
  /** "Tue 24 Nov, 10:30 with Dr Mokoena" */
  name: string;
};

export type SlotGroup = { title: string; slots: readonly Slot[] };

/**
 * Times as native radios. A time that is taken while the page is open keeps its box and says so: it becomes
 * `aria-disabled` and not `disabled`, because a disabled box would drop the reader's focus.
 */
export function SlotList({ name, groups, value }: { name: string; groups: readonly SlotGroup[]; value?: string }) {
  return (
    <div className="grid gap-6">
      {groups.map((group) => (
        <fieldset key={group.title}>
          <legend className="mb-2 text-16 font-semibold text-muted">{group.title}</legend>
          <div className="grid grid-cols-[repeat(auto-fill,minmax(5.75rem,1fr))] gap-2">
            {group.slots.map((slot) => (
              <SlotBox key={slot.start} name={name} slot={slot} checked={slot.start === value} />
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

function SlotBox({ name, slot, checked }: { name: string; slot: Slot; checked: boolean }) {
  return (
    <label className="group relative grid h-13 cursor-pointer place-items-center rounded-input border border-border-strong bg-raised outline-focus transition-colors hover:bg-brand-soft has-checked:border-brand has-checked:bg-brand has-checked:text-on-brand has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-aria-disabled:cursor-not-allowed has-aria-disabled:border-dashed has-aria-disabled:bg-sunken has-aria-disabled:text-muted">
      <input
        type="radio"
        name={name}
        value={slot.start}
        defaultChecked={checked}
        required
        aria-label={slot.name}
        data-time={slot.time}
        className="absolute inset-0 size-full cursor-[inherit] appearance-none rounded-input outline-none focus-visible:shadow-none"
      />
      <span aria-hidden="true" className="pointer-events-none text-center">
        <span className="tabular block text-18 font-semibold group-has-aria-disabled:text-13 group-has-aria-disabled:font-normal group-has-aria-disabled:line-through">
          {slot.time}
        </span>
        <span className="hidden text-14 font-semibold group-has-aria-disabled:block">Taken</span>
      </span>
    </label>
  );
}
