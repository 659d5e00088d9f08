import type { ReactNode } from "react";

export type Choice = { value: string; label: string; detail?: ReactNode; note?: ReactNode };

/** One question with a few answers, each a whole row to press. */
export function ChoiceList({
  name,
  legend,
  choices,
  value,
  error,
}: {
  name: string;
  legend: ReactNode;
  choices: readonly Choice[];
  value?: string | undefined;
  error?: string | undefined;
}) {
  return (
    <fieldset aria-describedby={error ? `${name}-error` : undefined}>
      <legend className="text-30 font-semibold tracking-tight text-balance">{legend}</legend>
      {error ? (
        <p id={`${name}-error`} className="mt-3 text-16 font-semibold text-danger">
          <span className="sr-only">Error: </span>
          {error}
        </p>
      ) : null}
      <div className="mt-6 grid gap-3">
        {choices.map((choice, index) => (
          <label
            key={choice.value}
            className="flex min-h-16 cursor-pointer items-center gap-3 rounded-card border border-border bg-raised px-4 py-3 outline-focus transition-colors hover:border-border-strong has-checked:border-brand has-checked:bg-brand-soft has-focus-visible:outline-3 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              id={index === 0 ? name : undefined}
              value={choice.value}
              defaultChecked={choice.value === value}
              required
              className="size-5 shrink-0 accent-brand outline-none focus-visible:shadow-none"
            />
            {/* In a row, until the text is so large that the note needs a line of its own. */}
            <span className="flex min-w-0 grow flex-wrap items-center gap-x-4">
              <span className="grid min-w-0 flex-1 basis-32 gap-0.5 wrap-anywhere">
                <span className="text-18 font-semibold">{choice.label}</span>
                {choice.detail ? <span className="text-16 text-muted">{choice.detail}</span> : null}
              </span>
              {choice.note ? <span className="tabular text-18">{choice.note}</span> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
