import type { ReactNode } from "react";

/** Nothing to show, and the one thing to do next. */
export function EmptyState({ title, children, next }: { title: string; children?: ReactNode; next: ReactNode }) {
  return (
    <div className="rounded-card border border-border bg-raised p-6">
      <h2 className="text-20 font-semibold text-balance">{title}</h2>
      {children ? <div className="mt-2 text-18 text-muted">{children}</div> : null}
      <div className="mt-5 flex flex-wrap gap-3">{next}</div>
    </div>
  );
}
