import { useEffect, useRef } from "react";

export type FieldProblem = { id: string; text: string };

/** What has to change before this can be saved. Takes focus when it appears; each line leads to its field. */
export function ErrorSummary({
  title = "There is something to change",
  problems,
}: {
  title?: string;
  problems: FieldProblem[];
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length > 0) box.current?.focus();
  }, [problems]);
  if (problems.length === 0) return null;
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="alert"
      aria-labelledby="error-summary-title"
      className="rounded-card border-2 border-danger bg-danger-soft px-4 py-3 text-14"
    >
      <h2 id="error-summary-title" className="font-semibold text-text">
        {title}
      </h2>
      <ul className="mt-1 space-y-1">
        {problems.map((problem) => (
          <li key={`${problem.id} ${problem.text}`}>
            <a
              href={`#${problem.id}`}
              className="inline-block py-0.5 font-semibold text-danger underline underline-offset-2"
            >
              {problem.text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
