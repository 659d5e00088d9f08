import { Card, NewRowsButton } from "@pulsecal/ui/app";
import { CalendarX2, ChevronRight, Hourglass, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { useLiveEvents } from "../../lib/live.tsx";
import { laidOver, type Need } from "./today-needs.ts";
import { DeclineDialog, RequestRow, requestLinkId, type RequestTools } from "./today-request.tsx";
import type { StaffBooking, StaffEvent } from "./types.ts";

type NeedsCardProps = RequestTools & {
  /** as the page was last read */
  read: Need[];
  /** requests that wait beyond those listed */
  more: number;
  /** said when nothing waits */
  quiet: string;
};

/**
 * What waits for a person. What arrives while the page is open waits behind a button, what was answered elsewhere keeps
 * its place and says so: nothing moves under the hand of whoever is pressing.
 */
export function NeedsCard({ read, more, quiet, ...tools }: NeedsCardProps) {
  const { answer } = tools;
  const [shown, setShown] = useState(() => withAnswered(read, answer?.booking));
  const [latest, setLatest] = useState<ReadonlyMap<string, StaffBooking>>(new Map());
  const { rows, fresh } = useMemo(() => laidOver(shown, read), [shown, read]);
  const focusOn = useRef<string | null>(null);

  const remember = (booking: StaffBooking) => setLatest((all) => new Map(all).set(booking.id, booking));
  useLiveEvents<StaffEvent>(({ booking }) => {
    if (booking && shown.some((need) => need.kind === "request" && need.booking.id === booking.id)) remember(booking);
  });
  useEffect(() => {
    if (answer?.booking === undefined) return;
    remember(answer.booking);
    // The button that was pressed is gone; the row is not.
    document.getElementById(requestLinkId(answer.booking.id))?.focus();
  }, [answer]);
  useEffect(() => {
    if (focusOn.current === null) return;
    document.getElementById(focusOn.current)?.querySelector("a")?.focus();
    focusOn.current = null;
  });
  const show = () => {
    focusOn.current = fresh[0]?.id ?? null;
    setShown(read);
  };
  const asked = rows.find(({ need, over }) => need.kind === "request" && need.booking.id === tools.asking && !over);

  return (
    <Card title="Needs you" id="needs" aside={<NewRowsButton count={fresh.length} onShow={show} />}>
      {rows.length === 0 ? <p className="px-4 py-3 text-14 text-muted">{quiet}</p> : null}
      <ul className="divide-y divide-border">
        {rows.map(({ need, over }) =>
          need.kind === "request" ? (
            <RequestRow
              key={need.id}
              {...tools}
              id={need.id}
              booking={(over ? latest.get(need.booking.id) : undefined) ?? need.booking}
              over={over}
            />
          ) : (
            <LineRow key={need.id} need={need} over={over} />
          ),
        )}
      </ul>
      {more > 0 ? (
        <p className="border-t border-border px-4 py-2 text-13 text-muted">
          {more === 1 ? "1 more request waits" : `${more} more requests wait`}; the next come up when these are
          answered.
        </p>
      ) : null}
      <DeclineDialog {...tools} booking={asked?.need.kind === "request" ? asked.need.booking : undefined} />
    </Card>
  );
}

/** Without JavaScript the page that answers a form says what became of the request. */
function withAnswered(read: Need[], booking: StaffBooking | undefined): Need[] {
  if (booking === undefined) return read;
  const id = `request-${booking.id}`;
  return read.some((need) => need.id === id) ? read : [{ kind: "request", id, booking }, ...read];
}

type LineNeed = Exclude<Need, { kind: "request" }>;

const icons: Record<LineNeed["kind"], ReactNode> = {
  leave: <CalendarX2 aria-hidden="true" className="size-4 shrink-0 text-warning" />,
  gap: <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warning" />,
  // Somebody else has to answer: to know, not to do.
  offer: <Hourglass aria-hidden="true" className="size-4 shrink-0 text-muted" />,
  setup: <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warning" />,
};

function LineRow({ need, over }: { need: LineNeed; over: boolean }) {
  return (
    <li id={need.id}>
      <Link
        to={need.href}
        className="flex min-h-11 items-center gap-2.5 px-4 py-2 text-14 text-text no-underline -outline-offset-3 hover:bg-sunken"
      >
        {icons[need.kind]}
        <span className="min-w-0 flex-1">
          {over ? <span className="font-semibold text-success">Settled. </span> : null}
          <span className={over ? "text-muted" : undefined}>{need.text}</span>
        </span>
        <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted" />
      </Link>
    </li>
  );
}
