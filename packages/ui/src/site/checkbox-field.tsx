import type { ReactNode } from "react";
import { FieldHint } from "./field.tsx";

/** A few things that may be ticked, each a whole box to press. */
export function CheckboxField({
  name,
  label,
  options,
  values,
  hint,
}: {
  name: string;
  label: string;
  /** `spoken` is read out in place of a short label */
  options: readonly { value: string; label: string; spoken?: string }[];
  values: readonly string[];
  hint?: ReactNode;
}) {
  return (
    <fieldset aria-describedby={hint ? `${name}-hint` : undefined} className="grid gap-1.5">
      <legend className="mb-1.5 text-18 font-semibold">{label}</legend>
      <FieldHint id={name} hint={hint} />
      <div className="flex flex-wrap gap-2">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-12 cursor-pointer items-center gap-2.5 rounded-input border border-border-strong bg-raised px-3.5 py-2 text-18 outline-focus has-checked:border-brand has-checked:bg-brand-soft has-focus-visible:outline-3 has-focus-visible:outline-offset-2"
          >
            <input
              type="checkbox"
              name={name}
              value={option.value}
              defaultChecked={values.includes(option.value)}
              aria-label={option.spoken}
              className="size-5 shrink-0 accent-brand outline-none focus-visible:shadow-none"
            />
            <span aria-hidden={option.spoken ? true : undefined}>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
