import type { ReactNode } from "react";

export type FieldError = { id: string; text: string };

/**
 * What stopped a form, first on the page and focused as it loads; each line leads to its field. `autofocus` does it
 * without a script. Give the document's title an "Error: " in front.
 */
export function ErrorSummary({
  title = "Check these before you go on",
  errors = [],
  children,
}: {
  title?: string;
  errors?: readonly FieldError[];
  children?: ReactNode;
}) {
  return (
    <div
      role="alert"
      tabIndex={-1}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one place where moving focus is the help
      autoFocus
      className="rounded-card border-2 border-danger bg-danger-soft p-4"
    >
      <h2 className="text-20 font-semibold text-text">{title}</h2>
      {errors.length > 0 ? (
        <ul className="mt-2 grid gap-1 text-18">
          {errors.map((error) => (
            <li key={error.id}>
              <a href={`#${error.id}`} className="rounded-input font-semibold text-danger underline underline-offset-4">
                {error.text}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      {children ? <div className="mt-2 text-18">{children}</div> : null}
    </div>
  );
}
