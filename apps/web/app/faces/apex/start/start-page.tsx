import { Stepper } from "@pulsecal/ui/site";
import type { ReactNode } from "react";

/** The frame of the three sign-up pages: one question at a time on a quiet page. */
export function StartPage({
  step,
  title,
  lead,
  failed,
  children,
}: {
  step: 1 | 2 | 3;
  title: string;
  lead: string;
  failed: boolean;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto max-w-xl px-4 pt-8 pb-20 sm:px-6 sm:pt-14">
      <title>{`${failed ? "Error: " : ""}${title} · PulseCal`}</title>
      <Stepper now={step} of={3} title="Open your clinic" />
      <h1 className="mt-2 text-30 font-semibold tracking-tight text-balance">{title}</h1>
      <p className="mt-2 text-18 text-muted text-pretty">{lead}</p>
      <div className="mt-8">{children}</div>
    </div>
  );
}
