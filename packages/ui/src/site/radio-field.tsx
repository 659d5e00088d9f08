import { FieldHint, FieldProblem } from "./field.tsx";

/** A short question with a few answers, among other fields. A question of its own page is a `ChoiceList`. */
export function RadioField({
  id,
  label,
  options,
  value,
  hint,
  error,
  optional,
}: {
  id: string;
  label: string;
  options: readonly { value: string; label: string }[];
  value?: string | undefined;
  hint?: string;
  error?: string | undefined;
  optional?: boolean;
}) {
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <fieldset aria-describedby={described || undefined} className="grid gap-1.5">
      <legend className="mb-1.5 text-18 font-semibold">
        {label}
        {optional ? <span className="font-normal text-muted"> (optional)</span> : null}
      </legend>
      <FieldHint id={id} hint={hint} />
      <FieldProblem id={id} error={error} />
      <div className="flex flex-wrap gap-2">
        {options.map((option, index) => (
          <label
            key={option.value}
            className="flex min-h-12 cursor-pointer items-center gap-3 rounded-input border border-border-strong bg-raised px-4 py-2 text-18 outline-focus has-checked:border-brand has-checked:bg-brand-soft has-focus-visible:outline-3 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={id}
              id={index === 0 ? id : undefined}
              value={option.value}
              defaultChecked={option.value === value}
              className="size-5 shrink-0 accent-brand outline-none focus-visible:shadow-none"
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
