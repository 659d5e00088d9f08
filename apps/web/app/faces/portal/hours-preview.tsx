import { addDays, dayStart, formatDay, formatTime } from "@pulsecal/core";
import { Card, cx, IconButton } from "@pulsecal/ui/app";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import { useHydrated, useLiveEvents } from "../../lib/live.tsx";
import { useTRPC } from "../../lib/trpc-in-browser.tsx";
import { type HoursRules, noLimits } from "./hours-draft.ts";
import type { PreviewDay, StaffEvent } from "./types.ts";

/** Whose hours they are: a person's, or a room's or device's with the services that need it. */
export type HoursSubject = { whose: "practitioner" | "room"; id: string; name: string; services: string[] };

type PreviewProps = {
  subject: HoursSubject;
  /** The rules as typed; null while they do not make sense yet. */
  rules: HoursRules | null;
  /** The rules as saved, which the page's own preview belongs to. */
  saved: HoursRules | null;
  initial: PreviewDay[];
  /** What the Preview button came back with, where there is no JavaScript. */
  posted: PreviewDay[] | undefined;
  /** the first of the days shown */
  from: string;
  onFrom: (date: string) => void;
  today: string;
  zone: string;
};

// Typing "08:30" passes through "0", "08" and "08:3": ask when the hand rests.
const restMs = 300;

/** A week of what patients would be offered, and how that differs from now. */
export function HoursPreview({ subject, rules, saved, initial, posted, from, onFrom, today, zone }: PreviewProps) {
  const { preview: practitioner } = useTRPC().staff.hours;
  const { previewHours: room } = useTRPC().staff.rooms;
  const queries = useQueryClient();
  const hydrated = useHydrated();
  const [asked, setAsked] = useState(rules);
  useEffect(() => {
    if (rules === null) return;
    const timer = setTimeout(() => setAsked(rules), restMs);
    return () => clearTimeout(timer);
  }, [rules]);

  // The page brought the answer for what is saved; only what is typed is asked for.
  const isRoom = subject.whose === "room";
  useEffect(() => {
    const wish = wishOf(subject.id, saved ?? nothing, today);
    const key = isRoom ? room.queryKey(wish.room) : practitioner.queryKey(wish.practitioner);
    queries.setQueryData(key, initial);
  }, [queries, room, practitioner, initial, saved, isRoom, subject.id, today]);

  const wish = wishOf(subject.id, asked ?? nothing, from);
  const enabled = hydrated && asked !== null;
  const queriesOf = {
    practitioner: useQuery({
      ...practitioner.queryOptions(wish.practitioner),
      enabled: enabled && !isRoom,
      placeholderData: keepPreviousData,
    }),
    room: useQuery({
      ...room.queryOptions(wish.room),
      enabled: enabled && isRoom,
      placeholderData: keepPreviousData,
    }),
  };
  const query = queriesOf[subject.whose];
  useLiveEvents<StaffEvent>((event) => {
    if (!/^(booking|hours|service|room|closure|clinic)\./.test(event.type)) return;
    void queries.invalidateQueries({ queryKey: isRoom ? room.queryKey() : practitioner.queryKey() });
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
              <IconButton
                label="A week earlier"
                isDisabled={from <= today}
                onPress={() => onFrom(addDays(from, -7) < today ? today : addDays(from, -7))}
              >
                <ChevronLeft aria-hidden="true" className="size-4" />
              </IconButton>
              <span className="text-13 text-muted tabular-nums">from {week}</span>
              <IconButton label="A week later" onPress={() => onFrom(addDays(from, 7))}>
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
              : whatIsShown(subject)}
          {days.some(({ outside }) => outside > 0) ? (
            <span className="block">What is booked outside the new hours keeps its time.</span>
          ) : null}
        </p>
      </Card>
    </div>
  );
}

const nothing: HoursRules = { weekly: [], overrides: [], timetables: [], limits: noLimits };

function wishOf(id: string, { limits, ...rules }: HoursRules, from: string) {
  return { practitioner: { practitionerId: id, ...rules, limits, from }, room: { roomId: id, ...rules, from } };
}

function whatIsShown({ whose, name, services }: HoursSubject): string {
  if (whose === "practitioner") return `Free times with ${name}, for your first service.`;
  const [first] = services;
  return first === undefined
    ? "No service needs it yet, so nothing changes for patients."
    : `Free times of a service that needs ${name}.`;
}

function PreviewLine({ day, zone }: { day: PreviewDay; zone: string }) {
  const name = formatDay(dayStart(day.date, zone), zone);
  const changed = day.count !== day.was;
  return (
    <li className={cx("border-l-[3px]", changed ? "border-l-accent" : "border-l-transparent")}>
      <details className="group">
        <summary className="flex min-h-9 cursor-pointer flex-wrap items-center gap-x-3 px-3 py-1 tabular-nums pointer-coarse:min-h-11">
          <span className="w-24 shrink-0 whitespace-nowrap">{name}</span>
          <span className={cx("whitespace-nowrap", day.count === 0 ? "text-muted" : "font-semibold")}>
            {timesText(day.count)}
          </span>
          <span className="ml-auto flex items-center gap-3">
            {changed ? <span className="whitespace-nowrap text-muted">was {day.was}</span> : null}
            <ChevronDown aria-hidden="true" className="size-4 text-muted group-open:rotate-180" />
          </span>
          {day.outside > 0 ? (
            <span className="basis-full">
              <span className="rounded-input bg-warning-soft px-1.5 text-13 text-warning">
                {day.outside} booked outside
              </span>
            </span>
          ) : null}
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
