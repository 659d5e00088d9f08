import { cx } from "./cx.ts";
import { type StatusEdge, type StatusFamily, statusOf } from "../status/status.ts";
import { StatusMark } from "../status/status-mark.tsx";

/** The drawn half of a status; never alone, a word goes with it. */
export function StatusShapeIcon({ state, className }: { state: string; className?: string }) {
  return <StatusMark shape={statusOf(state).shape} className={cx("size-3.5 shrink-0", className)} />;
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
export const edgeStyle: Record<StatusEdge, string> = {
  solid: "border-l-4 border-solid",
  dashed: "border-l-4 border-dashed",
  double: "border-l-6 border-double",
};

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
