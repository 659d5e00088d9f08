import type { ReactNode } from "react";

export type SummaryRow = { key: string; value: ReactNode; change?: { href: string; label: string; text?: string } };

/** What was chosen so far, row by row; each Change says what it changes. */
export function SummaryList({ rows }: { rows: readonly SummaryRow[] }) {
  return (
    <dl className="divide-y divide-border">
      {rows.map((row) => (
        <div
          key={row.key}
          // A row, until the text is so large that its value needs a line of its own.
          className="flex flex-wrap items-baseline gap-x-3 py-3 first:pt-0 last:pb-0"
        >
          <dt className="w-17 shrink-0 text-16 text-muted">{row.key}</dt>
          <dd className="min-w-0 flex-1 basis-32 text-18">{row.value}</dd>
          {row.change ? (
            <dd>
              <a
                href={row.change.href}
                aria-label={row.change.label}
                className="-m-2 inline-block rounded-input p-2 text-16 text-brand underline decoration-1 underline-offset-4 hover:decoration-2"
              >
                {row.change.text ?? "Change"}
              </a>
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
}
