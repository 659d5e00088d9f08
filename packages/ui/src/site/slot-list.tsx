export type Slot = {
  /** The instant, as ISO text: what the form sends and what live messages name. */
  start: string;
  time: string;
  /** "Tue 24 Nov, 10:30 with Dr Mokoena" */
  name: string;
  /** a word under the time, such as how many seats are left */
  note?: string | undefined;
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

const FACE = "pointer-events-none col-start-1 row-start-1 grid justify-items-center";

function SlotBox({ name, slot, checked }: { name: string; slot: Slot; checked: boolean }) {
  return (
    <label className="group relative grid h-13 cursor-pointer place-items-center rounded-input border border-border-strong bg-raised outline-focus transition-colors hover:bg-brand-soft has-checked:border-brand has-checked:bg-brand has-checked:text-on-brand has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-aria-disabled:cursor-not-allowed has-aria-disabled:border-dashed has-aria-disabled:bg-sunken has-aria-disabled:text-muted">
      <input
        type="radio"
        name={name}
        value={slot.start}
        defaultChecked={checked}
        aria-label={slot.name}
        data-time={slot.time}
        className="absolute inset-0 size-full cursor-[inherit] appearance-none rounded-input outline-none focus-visible:shadow-none"
      />
      {/* Both faces lie in the box from the start and only one is seen, so that nothing in it moves either. */}
      <span aria-hidden="true" className={`${FACE} group-has-aria-disabled:invisible`}>
        <span className="tabular text-18 font-semibold">{slot.time}</span>
        {slot.note ? <span className="text-13">{slot.note}</span> : null}
      </span>
      <span aria-hidden="true" className={`${FACE} invisible group-has-aria-disabled:visible`}>
        <span className="tabular text-13 line-through">{slot.time}</span>
        <span className="text-14 font-semibold">Taken</span>
      </span>
    </label>
  );
}
