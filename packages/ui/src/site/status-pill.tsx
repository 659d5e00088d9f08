import { type BookingStatus, type StatusEdge, type StatusFamily, statuses } from "../status/status.ts";
import { StatusMark } from "../status/status-mark.tsx";

const COLOURS: Record<StatusFamily, string> = {
  grey: "bg-grey-soft text-grey-word border-grey-bar",
  amber: "bg-amber-soft text-amber-word border-amber-bar",
  blue: "bg-blue-soft text-blue-word border-blue-bar",
  teal: "bg-teal-soft text-teal-word border-teal-bar",
  magenta: "bg-magenta-soft text-magenta-word border-magenta-bar",
  ink: "bg-ink-soft text-ink-word border-ink-bar",
  vermilion: "bg-vermilion-soft text-vermilion-word border-vermilion-bar",
};

const EDGES: Record<StatusEdge, string> = {
  solid: "border-s-4",
  dashed: "border-s-4 border-dashed",
  double: "border-s-6 border-double",
};

/** A booking's state: colour, shape and word, always all three. The bar on the left is the state's own colour. */
export function StatusPill({ status }: { status: BookingStatus }) {
  const { patientWord, shape, family, edge } = statuses[status];
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-input py-1 ps-2 pe-2.5 text-16 font-semibold ${EDGES[edge]} ${COLOURS[family]}`}
    >
      <StatusMark shape={shape} className="size-4 shrink-0" />
      {patientWord}
    </span>
  );
}
