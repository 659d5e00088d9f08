import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type CardProps = {
  title?: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  level?: 2 | 3;
  id?: string;
};

/** A raised part of a page under its own heading. */
export function Card({ title, aside, children, className, level = 2, id }: CardProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section aria-labelledby={id} className={cx("rounded-card border border-border bg-raised", className)}>
      {title === undefined ? null : (
        <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 border-b border-border px-4 py-1.5">
          <Heading id={id} className="text-14 font-semibold text-text">
            {title}
          </Heading>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

type SummaryRow = { key: string; value: ReactNode };

/** Names and values of one thing, aligned. */
export function SummaryList({ rows }: { rows: SummaryRow[] }) {
  return (
    <dl className="grid grid-cols-[fit-content(45%)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-14">
      {rows.map((row) => (
        <div key={row.key} className="contents">
          <dt className="text-muted">{row.key}</dt>
          <dd className="min-w-0 wrap-anywhere text-text">{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
