import type { ReactNode } from "react";

export type SummaryRow = { key: string; value: ReactNode; change?: { href: string; label: string } };

/** What was chosen so far, row by row; each Change says what it changes. */
export function SummaryList({ rows }: { rows: readonly SummaryRow[] }) {
  return (
    <dl className="divide-y divide-border">
      {rows.map((row) => (
        <div
          key={row.key}
          className="grid grid-cols-[4.25rem_minmax(0,1fr)_auto] items-baseline gap-x-3 py-3 first:pt-0 last:pb-0"
        >
          <dt className="text-16 text-muted">{row.key}</dt>
          <dd className="text-18">{row.value}</dd>
          {row.change ? (
            <dd>
              <a
                href={row.change.href}
                aria-label={row.change.label}
                className="-m-2 inline-block rounded-input p-2 text-16 text-brand underline decoration-1 underline-offset-4 hover:decoration-2"
              >
                Change
              </a>
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
}
