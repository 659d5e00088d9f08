import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from "react";

const BOX =
  "w-full rounded-input border border-border-strong bg-raised px-3 py-2.5 text-18 text-text placeholder:text-muted aria-invalid:border-danger aria-invalid:border-2";

type FieldText = {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
};

/** A labelled line of text: label, hint and error stand above the box, where a phone's keyboard does not cover them. */
export function TextField({
  id,
  label,
  hint,
  error,
  optional,
  suffix,
  className = "",
  ...rest
}: FieldText & { suffix?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const input = (
    <input
      id={id}
      name={id}
      {...rest}
      {...described(id, hint, error)}
      className={`min-h-12 min-w-0 ${BOX} ${suffix ? "rounded-e-none border-e-0" : ""} ${className}`}
    />
  );
  return (
    <div className="grid gap-1.5">
      <FieldHead id={id} label={label} hint={hint} error={error} optional={optional} />
      {suffix ? (
        <div className="flex items-stretch">
          {input}
          <span className="flex shrink-0 items-center rounded-e-input border border-border-strong bg-sunken px-2.5 text-14 text-muted sm:px-3 sm:text-16">
            {suffix}
          </span>
        </div>
      ) : (
        input
      )}
    </div>
  );
}

/** Several lines of text. */
export function TextArea({
  id,
  label,
  hint,
  error,
  optional,
  ...rest
}: FieldText & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <div className="grid gap-1.5">
      <FieldHead id={id} label={label} hint={hint} error={error} optional={optional} />
      <textarea id={id} name={id} rows={3} {...rest} {...described(id, hint, error)} className={BOX} />
    </div>
  );
}

function FieldHead({ id, label, hint, error, optional }: FieldText) {
  return (
    <>
      <label htmlFor={id} className="text-18 font-semibold">
        {label}
        {optional ? <span className="font-normal text-muted"> (optional)</span> : null}
      </label>
      <FieldHint id={id} hint={hint} />
      <FieldProblem id={id} error={error} />
    </>
  );
}

export function FieldHint({ id, hint }: { id: string; hint?: ReactNode }) {
  return hint ? (
    <p id={`${id}-hint`} className="text-16 text-muted">
      {hint}
    </p>
  ) : null;
}

export function FieldProblem({ id, error }: { id: string; error?: string | undefined }) {
  return error ? (
    <p id={`${id}-error`} className="flex gap-2 text-16 font-semibold text-danger">
      <span
        aria-hidden="true"
        className="mt-px grid size-5 shrink-0 place-items-center rounded-full bg-danger text-13 text-on-danger"
      >
        !
      </span>
      <span>
        <span className="sr-only">Error: </span>
        {error}
      </span>
    </p>
  ) : null;
}

function described(id: string, hint: ReactNode, error: string | undefined) {
  const ids = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return { "aria-describedby": ids || undefined, "aria-invalid": error ? true : undefined };
}
