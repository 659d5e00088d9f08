import type { ReactNode } from "react";

/** Nothing here: says so in one sentence and gives the one thing to do next. */
export function EmptyState({ title, children, next }: { title: string; children?: ReactNode; next?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-2 rounded-card border border-dashed border-border-strong px-4 py-6">
      <p className="text-16 font-semibold text-text">{title}</p>
      {children === undefined ? null : <div className="text-14 text-muted">{children}</div>}
      {next}
    </div>
  );
}
