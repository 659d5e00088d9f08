import type { ReactNode } from "react";
import type { StatusShape } from "./status.ts";

// Each differs from every other in outline or size and not only in a detail: a browser test compares them in grey.
const shapes: Record<StatusShape, ReactNode> = {
  hourglass: <path d="M4 2h8M4 14h8M5 2c0 4 6 4 6 12M11 2c0 4-6 4-6 12" />,
  coin: (
    <>
      <ellipse cx="8" cy="4.5" rx="6" ry="2.5" />
      <path d="M2 4.5v7c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5v-7" />
    </>
  ),
  diamond: <path d="M8 2l6 6-6 6-6-6z" />,
  circle: <circle cx="8" cy="8" r="4" fill="currentColor" />,
  chair: <path d="M4.5 2v7h7v5M4.5 9v5M11.5 9V7" />,
  square: <rect x="2.5" y="2.5" width="11" height="11" rx="0.5" fill="currentColor" />,
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

/** The drawn half of a status, in the colour of the words beside it; never alone, a word goes with it. */
export function StatusMark({ shape, className }: { shape: StatusShape; className: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={className}
    >
      {shapes[shape]}
    </svg>
  );
}
