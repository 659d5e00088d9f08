import { Button, Card, cx, EmptyState, NewRowsButton, PageHead, useAnnounce } from "@pulsecal/ui/app";
import { ChevronRight, Pause, Play } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { ask } from "../../lib/ask.server.ts";
import { useLiveEvents, useNow } from "../../lib/live.tsx";
import { PageProblem } from "../../lib/page-problem.tsx";
import { callerOf } from "../../lib/trpc.server.ts";
import type { Route } from "./+types/overview";
import { useReadAgain } from "../../lib/read-again.ts";
import type { ClinicLine, FeedItem, Overview, PlatformEvent } from "./types.ts";
import { momentText, newsText, sinceText, waitingText } from "./words.ts";

export async function loader({ context, request }: Route.LoaderArgs) {
  const { platform } = callerOf(context);
  const [overview, waiting] = await ask(
    "console",
    request,
    Promise.all([platform.overview(), platform.clinics.list({ status: "practice" })]),
  );
  return {
    overview,
    waiting: waiting.toSorted((a, b) => +a.createdAt - +b.createdAt).slice(0, shownWaiting),
    now: Date.now(),
  };
}

const shownWaiting = 8;

const keyOf = (item: { at?: Date; type: string; clinicId?: string }): string =>
  `${item.at?.toISOString() ?? ""} ${item.type} ${item.clinicId ?? ""}`;

export default function OverviewPage({ loaderData }: Route.ComponentProps) {
  const now = useNow(loaderData.now);
  const announce = useAnnounce();
  const readAgain = useReadAgain();
  const [paused, setPaused] = useState(false);
  const [frozen, setFrozen] = useState<Overview | null>(null);
  const [latest, setLatest] = useState<PlatformEvent | null>(null);
  const overview = paused && frozen !== null ? frozen : loaderData.overview;

  useLiveEvents<PlatformEvent>((event) => {
    readAgain();
    const news = newsText(event.type);
    if (news === null || event.name === undefined) return;
    if (event.type.startsWith("clinic.")) {
      setLatest(event);
      announce(`${event.name} ${news}`);
    }
  });
  const pause = () => {
    setFrozen(loaderData.overview);
    setPaused(!paused);
  };

  return (
    <>
      <title>{`${overview.waiting === 0 ? "" : `(${overview.waiting}) `}Overview, PulseCal console`}</title>
      <PageHead
        title="Overview"
        aside={
          <Button onPress={pause} aria-pressed={paused}>
            {paused ? <Play aria-hidden="true" className="size-4" /> : <Pause aria-hidden="true" className="size-4" />}
            {paused ? "Go on" : "Pause"}
          </Button>
        }
      >
        <Verdict overview={overview} now={now} />
      </PageHead>
      <p data-live-line className="mb-4 min-h-5 text-14">
        {latest === null ? (
          <span className="text-muted">Sign-ups and approvals show here as they happen.</span>
        ) : (
          <span className="border-l-[3px] border-accent pl-2">
            <Link to={`/approvals?clinic=${latest.clinicId ?? ""}`} className="font-semibold">
              {latest.name}
            </Link>{" "}
            {newsText(latest.type)}
            {latest.at === undefined ? "" : `, ${momentText(latest.at, now)}`}
          </span>
        )}
      </p>
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <Figures overview={overview} now={now} />
          <Waiting clinics={loaderData.waiting} total={overview.waiting} now={now} />
        </div>
        <Feed items={overview.feed} now={now} />
      </div>
    </>
  );
}

/** One sentence first: is anything wrong, since when. */
function Verdict({ overview, now }: { overview: Overview; now: number }) {
  if (overview.stuckEvents > 0) {
    return (
      <p className="text-14 font-semibold text-danger">
        {overview.stuckEvents === 1 ? "1 event is stuck" : `${overview.stuckEvents} events are stuck`}: mails and
        reminders may be late.
      </p>
    );
  }
  if (overview.waiting > 0 && overview.oldestWaiting !== null) {
    return (
      <p className="text-14">
        {overview.waiting === 1
          ? "1 clinic waits for approval, "
          : `${overview.waiting} clinics wait for approval, the oldest `}
        {waitingText(overview.oldestWaiting, now)}.
      </p>
    );
  }
  return <p className="text-14 text-success">All well. Nobody waits.</p>;
}

function Figures({ overview, now }: { overview: Overview; now: number }) {
  return (
    <ul className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure name="Waiting" value={overview.waiting} to="/approvals" urgent={overview.waiting > 0}>
        {overview.oldestWaiting === null ? "nobody waits" : `oldest ${sinceText(overview.oldestWaiting, now)}`}
      </Figure>
      <Figure name="Live clinics" value={overview.live} to="/approvals?show=live">
        open for booking
      </Figure>
      <Figure name="Bookings, 1 hour" value={overview.bookingsLastHour}>
        all clinics
      </Figure>
      <Figure name="Stuck events" value={overview.stuckEvents} urgent={overview.stuckEvents > 0}>
        {overview.stuckEvents === 0 ? "all handled" : "look at the worker"}
      </Figure>
    </ul>
  );
}

type FigureProps = { name: string; value: number; to?: string; urgent?: boolean; children: ReactNode };

function Figure({ name, value, to, urgent = false, children }: FigureProps) {
  const inside = (
    <>
      <span className="block text-13 text-muted">{name}</span>
      <span className={cx("block text-30 font-semibold tabular-nums", urgent ? "text-warning" : "text-text")}>
        {value}
      </span>
      <span className="block text-13 text-muted">{children}</span>
    </>
  );
  const box = "block rounded-card border border-border bg-raised px-4 py-3";
  return (
    <li data-figure={name}>
      {to === undefined ? (
        <div className={box}>{inside}</div>
      ) : (
        <Link to={to} className={cx(box, "no-underline hover:border-brand")}>
          {inside}
        </Link>
      )}
    </li>
  );
}

/** Who waits, the longest first: a newcomer goes to the end. */
function Waiting({ clinics, total, now }: { clinics: ClinicLine[]; total: number; now: number }) {
  if (clinics.length === 0) return null;
  return (
    <Card
      title="Waiting for approval"
      id="waiting"
      aside={total > clinics.length ? <Link to="/approvals">All {total}</Link> : undefined}
    >
      <ul className="divide-y divide-border">
        {clinics.map((clinic) => (
          <li key={clinic.id}>
            <Link
              to={`/approvals?clinic=${clinic.id}`}
              className="flex min-h-11 items-center gap-3 px-4 py-2 text-14 text-text no-underline -outline-offset-3 hover:bg-sunken"
            >
              <span className="min-w-0 flex-1 truncate font-semibold">{clinic.name}</span>
              <span className="hidden text-13 text-muted sm:inline">
                {clinic.ownerVerified ? "email confirmed" : "email not confirmed yet"}
              </span>
              <span className="w-14 text-right text-13 whitespace-nowrap text-muted tabular-nums">
                {sinceText(clinic.createdAt, now)}
              </span>
              <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What happened, newest first. New rows wait behind a button, so that nothing moves under the reader's eyes. */
function Feed({ items, now }: { items: FeedItem[]; now: number }) {
  const [shown, setShown] = useState(items);
  const list = useRef<HTMLOListElement>(null);
  // The button goes as it is pressed: focus goes on to what it has brought.
  const pressed = useRef(false);
  useEffect(() => {
    if (pressed.current) list.current?.querySelector("a")?.focus();
    pressed.current = false;
  }, [shown]);
  const show = () => {
    pressed.current = true;
    setShown(items);
  };
  const known = new Set(shown.map(keyOf));
  const fresh = items.filter((item) => !known.has(keyOf(item)));
  return (
    <Card
      title="What happened"
      id="feed"
      aside={<NewRowsButton count={fresh.length} onShow={show} />}
      className="self-start"
    >
      {shown.length === 0 ? (
        <div className="p-4">
          <EmptyState title="Nothing yet.">The first sign-up shows here.</EmptyState>
        </div>
      ) : (
        <ol ref={list} className="divide-y divide-border">
          {shown.map((item) => (
            <li key={keyOf(item)} className="flex min-h-9 items-baseline gap-3 px-4 py-2 text-14">
              <span className="w-12 shrink-0 text-13 text-muted tabular-nums">{momentText(item.at, now)}</span>
              <span className="min-w-0 flex-1">
                <Link to={`/approvals?clinic=${item.clinicId}`} className="font-semibold">
                  {item.name}
                </Link>{" "}
                {newsText(item.type) ?? item.type}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

export function ErrorBoundary() {
  return <PageProblem home="/" homeName="the overview" />;
}
