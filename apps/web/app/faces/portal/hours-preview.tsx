import { addDays, dayStart, formatDay, formatTime, type Rules } from "@pulsecal/core";
import { Card, cx, IconButton } from "@pulsecal/ui/app";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import { useHydrated, useLiveEvents } from "../../lib/live.tsx";
import { useTRPC } from "../../lib/trpc-in-browser.tsx";
import type { PreviewDay, StaffEvent } from "./types.ts";

type PreviewProps = {
  practitionerId: string;
  doctorName: string;
  /** The rules as typed; null while they do not make sense yet. */
  rules: Rules | null;
  /** The rules as saved, which the page's own preview belongs to. */
  saved: Rules | null;
  initial: PreviewDay[];
  /** What the Preview button came back with, where there is no JavaScript. */
  posted: PreviewDay[] | undefined;
  today: string;
  zone: string;
};

// Typing "08:30" passes through "0", "08" and "08:3": ask when the hand rests.
const restMs = 300;

/** A week of what patients would be offered, and how that differs from now. */
export function HoursPreview({ practitionerId, doctorName, rules, saved, initial, posted, today, zone }: PreviewProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const hydrated = useHydrated();
  const [from, setFrom] = useState(today);
  const [asked, setAsked] = useState(rules);
  useEffect(() => {
    if (rules === null) return;
    const timer = setTimeout(() => setAsked(rules), restMs);
    return () => clearTimeout(timer);
  }, [rules]);

  // The page brought the answer for what is saved; only what is typed is asked for.
  useEffect(() => {
    const { weekly = [], overrides = [] } = saved ?? {};
    const key = trpc.staff.hours.preview.queryKey({ practitionerId, weekly, overrides, from: today });
    queries.setQueryData(key, initial);
  }, [queries, trpc, initial, saved, practitionerId, today]);

  const query = useQuery({
    ...trpc.staff.hours.preview.queryOptions({
      practitionerId,
      weekly: asked?.weekly ?? [],
      overrides: asked?.overrides ?? [],
      from,
    }),
    enabled: hydrated && asked !== null,
    placeholderData: keepPreviousData,
  });
  useLiveEvents<StaffEvent>((event) => {
    if (!/^(booking|hours|service)\./.test(event.type)) return;
    void queries.invalidateQueries({ queryKey: trpc.staff.hours.preview.queryKey() });
  });

  const days = query.data ?? posted ?? initial;
  const week = formatDay(dayStart(from, zone), zone);
  return (
    <div className="min-w-0">
      <Card
        title="Patients would see"
        id="preview"
        className="xl:sticky xl:top-4"
        aside={
          hydrated ? (
            <span className="-mr-2 flex items-center">
              <IconButton label="A week earlier" isDisabled={from <= today} onPress={() => setFrom(addDays(from, -7))}>
                <ChevronLeft aria-hidden="true" className="size-4" />
              </IconButton>
              <span className="text-13 text-muted tabular-nums">from {week}</span>
              <IconButton label="A week later" onPress={() => setFrom(addDays(from, 7))}>
                <ChevronRight aria-hidden="true" className="size-4" />
              </IconButton>
            </span>
          ) : undefined
        }
      >
        <ul aria-busy={query.isFetching} className="divide-y divide-border text-14">
          {days.map((day) => (
            <PreviewLine key={day.date} day={day} zone={zone} />
          ))}
        </ul>
        <p className="border-t border-border px-4 py-2 text-13 text-muted">
          {rules === null
            ? "Finish the times on the left to see their effect."
            : query.isError
              ? "The preview cannot be worked out right now. Saving still works."
              : `Free times with ${doctorName}, for your first service.`}
        </p>
      </Card>
    </div>
  );
}

function PreviewLine({ day, zone }: { day: PreviewDay; zone: string }) {
  const name = formatDay(dayStart(day.date, zone), zone);
  const changed = day.count !== day.was;
  return (
    <li className={cx("border-l-[3px]", changed ? "border-l-accent" : "border-l-transparent")}>
      <details className="group">
        <summary className="flex min-h-9 cursor-pointer items-center gap-3 px-3 py-1 tabular-nums pointer-coarse:min-h-11">
          <span className="w-24 shrink-0 whitespace-nowrap">{name}</span>
          <span className={day.count === 0 ? "text-muted" : "font-semibold"}>{timesText(day.count)}</span>
          {changed ? <span className="ml-auto text-muted">was {day.was}</span> : null}
          <ChevronDown
            aria-hidden="true"
            className={cx("size-4 text-muted group-open:rotate-180", !changed && "ml-auto")}
          />
        </summary>
        <p className="flex flex-wrap gap-1 px-3 pb-2">
          {day.times.length === 0 ? <span className="text-muted">Nothing to offer.</span> : null}
          {day.times.map((time) => (
            <span key={time} className="rounded-input bg-sunken px-1.5 py-0.5 text-13 tabular-nums">
              {formatTime(Date.parse(time), zone)}
            </span>
          ))}
        </p>
      </details>
    </li>
  );
}

const timesText = (count: number): string => (count === 0 ? "No times" : count === 1 ? "1 time" : `${count} times`);
