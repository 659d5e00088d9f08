import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { type StatusFamily, type StatusShape, statusOf } from "./status.ts";

const shapes: Record<StatusShape, ReactNode> = {
  hourglass: <path d="M4 2h8M4 14h8M5 2c0 4 6 4 6 12M11 2c0 4-6 4-6 12" />,
  coin: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 5v6" />
    </>
  ),
  diamond: <path d="M8 2l6 6-6 6-6-6z" />,
  circle: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  chair: <path d="M4.5 2v7h7v5M4.5 9v5M11.5 9V7" />,
  square: <rect x="3" y="3" width="10" height="10" rx="1" fill="currentColor" />,
  tick: <path d="M2.5 8.5l3.5 3.5 7.5-8" />,
  "dotted-ring": <circle cx="8" cy="8" r="6" strokeDasharray="1 3.2" strokeLinecap="round" />,
  cross: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />,
  "barred-circle": (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M4 12l8-8" />
    </>
  ),
  minus: <path d="M3 8h10" />,
};

/** The drawn half of a status; never alone, a word goes with it. */
export function StatusShapeIcon({ state, className }: { state: string; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={cx("size-3.5 shrink-0", className)}
    >
      {shapes[statusOf(state).shape]}
    </svg>
  );
}

/** Soft fill with the family's word colour. */
export const familySoft: Record<StatusFamily, string> = {
  grey: "bg-grey-soft text-grey-word",
  amber: "bg-amber-soft text-amber-word",
  blue: "bg-blue-soft text-blue-word",
  teal: "bg-teal-soft text-teal-word",
  magenta: "bg-magenta-soft text-magenta-word",
  ink: "bg-ink-soft text-ink-word",
  vermilion: "bg-vermilion-soft text-vermilion-word",
};

/** The left bar of a booking: colour of the family, dashed while nothing is settled, double while with the doctor. */
export const familyBar: Record<StatusFamily, string> = {
  grey: "border-l-grey-bar",
  amber: "border-l-amber-bar",
  blue: "border-l-blue-bar",
  teal: "border-l-teal-bar",
  magenta: "border-l-magenta-bar",
  ink: "border-l-ink-bar",
  vermilion: "border-l-vermilion-bar",
};
export const edgeStyle = {
  solid: "border-l-4 border-solid",
  dashed: "border-l-4 border-dashed",
  double: "border-l-6 border-double",
} as const;

/** A booking's state as colour, shape and word together. */
export function StatusPill({ state, className }: { state: string; className?: string }) {
  const status = statusOf(state);
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-13 font-semibold whitespace-nowrap",
        familySoft[status.family],
        className,
      )}
    >
      <StatusShapeIcon state={state} className="size-3" />
      {status.word}
    </span>
  );
}
