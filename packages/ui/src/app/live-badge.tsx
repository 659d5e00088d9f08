import { cx } from "./cx.ts";

export type LiveState = "connecting" | "live" | "reconnecting" | "offline";

const look: Record<LiveState, { dot: string; text: string }> = {
  connecting: { dot: "border-2 border-border-strong", text: "Connecting" },
  live: { dot: "bg-success", text: "Live" },
  reconnecting: { dot: "border-2 border-warning", text: "Reconnecting" },
  offline: { dot: "border-2 border-danger", text: "Offline" },
};

/** Whether what is on screen follows the clinic as it happens; offline it says how old the picture is. */
export function LiveBadge({
  state,
  asOf,
  className,
}: {
  state: LiveState;
  asOf?: string | undefined;
  className?: string;
}) {
  const { dot, text } = look[state];
  return (
    <span
      data-live={state}
      className={cx(
        "inline-flex items-center gap-1.5 text-13 font-semibold whitespace-nowrap text-muted tabular-nums",
        className,
      )}
    >
      <span aria-hidden="true" className={cx("size-2.5 rounded-full", dot)} />
      {text}
      {state === "offline" && asOf !== undefined ? `, as of ${asOf}` : ""}
    </span>
  );
}
