import { cx } from "../cx.ts";
import type { Axis } from "./axis.ts";
import type { Ghost } from "./ghost.ts";
import type { BlockKind, PlacedBlock } from "./layout.ts";
import { placeClass } from "./place.ts";

// Patterns, not only tints: what is closed is solid, leave hatched, a buffer dotted.
const pattern: Record<BlockKind, string> = {
  closed: "bg-sunken",
  closure: "agenda-hatched bg-sunken",
  leave: "agenda-hatched",
  buffer: "agenda-dotted",
};

type BackgroundProps = { axis: Axis; blocks: readonly PlacedBlock[]; nowTrack: number | null };

/** Everything behind the bookings: the columns' edges, hours, blocked time, the line of now. */
export function AgendaBackground({ axis, blocks, nowTrack }: BackgroundProps) {
  return (
    <div aria-hidden="true" className="contents">
      {axis.columns.map(({ column }, at) => (
        <span
          key={column.key}
          className={cx(placeClass({ column: at, track: 0, span: axis.tracks }), "border-l border-border")}
        />
      ))}
      {blocks.map(({ block, ...at }) => (
        <span
          key={`${block.kind} ${block.column} ${block.from}`}
          data-block={block.kind}
          className={cx(
            placeClass(at),
            "ml-px min-w-0 overflow-hidden px-2 pt-px text-13 text-muted",
            pattern[block.kind],
          )}
        >
          {block.kind === "leave" || block.kind === "closure" ? (
            <span className="inline-block max-w-full truncate rounded-input bg-raised px-1">{block.text}</span>
          ) : null}
        </span>
      ))}
      {axis.rows.map((row) => (
        <span
          key={row.track}
          className={cx(
            `row-start-${row.track + 2} row-span-1 col-span-${axis.columns.length + 1} col-start-1`,
            "pointer-events-none border-t",
            row.track === 0 ? "border-transparent" : row.label.includes(":00") ? "border-border" : "border-border/40",
          )}
        />
      ))}
      {nowTrack === null ? null : (
        <span
          data-now
          className={cx(
            `row-start-${nowTrack + 2} col-span-${axis.columns.length + 1} col-start-1`,
            "pointer-events-none z-[3] border-t-2 border-danger",
          )}
        />
      )}
    </div>
  );
}

/** Where a booking that was taken up would go. */
export function AgendaGhost({ ghost, text, title }: { ghost: Ghost; text: string; title: string }) {
  const blocked = text.includes("blocked:");
  return (
    <div
      aria-hidden="true"
      data-ghost={blocked ? "blocked" : "free"}
      className={cx(
        placeClass(ghost),
        "pointer-events-none z-[4] m-px overflow-hidden rounded-input border-2 border-dashed px-1.5 text-13 font-semibold",
        blocked ? "border-danger bg-danger-soft text-danger" : "border-brand bg-brand-soft text-brand",
      )}
    >
      {title} <span className="font-normal">{text}</span>
    </div>
  );
}
