import { dayStart, formatDay, formatLongDay, formatTime, formatWhen } from "@pulsecal/core";
import { Button, buttonClass, cx, Dialog, Notice, SlotList, useAnnounce } from "@pulsecal/ui/app";
import { useEffect, useMemo, useRef, useState } from "react";
import { Form, Link, useNavigate, useNavigation } from "react-router";
import { useHydrated } from "../../../lib/live.tsx";
import { shortName } from "../short-name.ts";
import type { StaffBooking } from "../types.ts";
import type { Changes } from "./address.ts";
import { keepTimes, type KeptTime } from "./kept-times.ts";
import type { MoveView } from "./read.server.ts";
import { problemText } from "./words.ts";

type MoveProps = {
  booking: StaffBooking;
  move: MoveView;
  doctors: readonly { id: string; name: string }[];
  zone: string;
  address: (changes: Changes) => string;
  idempotencyKey: string;
  refused: { intent: string; problem: string } | null;
};

/** Another time for a booking, without dragging: doctor, day, time. It keeps its old time until the new one is saved. */
export function MoveDialog(props: MoveProps) {
  const { booking, zone, address } = props;
  const hydrated = useHydrated();
  const navigate = useNavigate();
  const title = `Move ${booking.patientName ?? "this booking"}`;
  if (!hydrated) {
    return (
      <section aria-label={title} className="mt-4 border-t border-border pt-3">
        <MoveForm {...props} />
      </section>
    );
  }
  return (
    <Dialog
      title={title}
      returnTo="drawer-title"
      isOpen
      onClose={() =>
        void navigate(address({ ask: null, moveFrom: null, moveDay: null, moveWho: null }), {
          preventScrollReset: true,
          replace: true,
        })
      }
    >
      <p className="mb-3 text-muted">
        It keeps {formatWhen(+booking.start, zone)} until the new time is saved. The patient is told.
      </p>
      <MoveForm {...props} />
    </Dialog>
  );
}

function MoveForm({ booking, move, doctors, zone, address, idempotencyKey, refused }: MoveProps) {
  const pending = useNavigation().state === "submitting";
  const [chosen, setChosen] = useState<string | null>(null);
  const times = useKeptTimes(move, zone);
  const free = times.find(({ value, taken }) => value === chosen && !taken);
  const noon = (date: string) => dayStart(date, zone) + 12 * 3_600_000;
  const nameOf = (value: string) => doctors.find(({ id }) => id === value.split(" ")[1])?.name ?? "";
  const several = move.who === "any";
  const slot = (one: KeptTime) => ({
    value: one.value,
    label: several ? `${formatTime(one.start, zone)} ${shortName(nameOf(one.value))}` : formatTime(one.start, zone),
    spoken: `${formatLongDay(one.start, zone)}, ${formatTime(one.start, zone)}, ${nameOf(one.value)}`,
    taken: one.taken,
  });
  const isMorning = (one: KeptTime) => formatTime(one.start, zone) < "12:00";
  const groups = [
    { title: "Morning", slots: times.filter(isMorning).map(slot) },
    { title: "Afternoon", slots: times.filter((one) => !isMorning(one)).map(slot) },
  ].filter(({ slots }) => slots.length > 0);
  const link = (current: boolean) => cx(buttonClass(), current && "border-brand bg-brand-soft text-brand");

  return (
    <div className="flex flex-col gap-3">
      <nav aria-label="With" className="flex flex-wrap gap-1.5">
        {[{ id: "any", name: "First free" }, ...doctors].map(({ id, name }) => (
          <Link
            key={id}
            to={address({ moveWho: id, moveDay: null })}
            replace
            preventScrollReset
            aria-current={id === move.who ? "true" : undefined}
            className={link(id === move.who)}
          >
            {id === "any" ? name : shortName(name)}
          </Link>
        ))}
      </nav>
      <nav aria-label="Day" className="flex flex-wrap gap-1.5">
        <Link
          to={address({ moveFrom: move.previous, moveDay: null })}
          replace
          preventScrollReset
          className={buttonClass()}
        >
          Earlier
        </Link>
        {move.days.map(({ date, count }) => (
          <Link
            key={date}
            to={address({ moveDay: date })}
            replace
            preventScrollReset
            aria-current={date === move.day ? "date" : undefined}
            className={cx(link(date === move.day), "min-h-11 flex-col gap-0 px-2 leading-tight")}
          >
            <span>{formatDay(noon(date), zone)}</span>
            <span className="text-13 font-normal tabular-nums">
              {count === 0 ? "full" : count}
              {count === 0 ? null : <span className="sr-only">{count === 1 ? " time" : " times"}</span>}
            </span>
          </Link>
        ))}
        <Link to={address({ moveFrom: move.next, moveDay: null })} replace preventScrollReset className={buttonClass()}>
          Later
        </Link>
      </nav>
      <Form method="post" preventScrollReset className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="move" />
        <input type="hidden" name="bookingId" value={booking.id} />
        <input type="hidden" name="sequence" value={booking.sequence} />
        <input type="hidden" name="key" value={idempotencyKey} />
        {refused?.intent !== "move" ? null : (
          <Notice tone="danger" role="alert">
            You still have {formatWhen(+booking.start, zone)}. {problemText(refused.problem)}
          </Notice>
        )}
        {move.day === null || groups.length === 0 ? (
          <p>No times in these days. Look earlier or later, or with another doctor.</p>
        ) : (
          <SlotList
            name="to"
            legend={`${formatLongDay(noon(move.day), zone)}: ${move.times.length === 1 ? "1 time" : `${move.times.length} times`}`}
            groups={groups}
            value={chosen}
            onChange={setChosen}
          />
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Link
            to={address({ ask: null, moveFrom: null, moveDay: null, moveWho: null })}
            replace
            preventScrollReset
            className={buttonClass()}
          >
            Keep {formatTime(+booking.start, zone)}
          </Link>
          <Button type="submit" kind="primary" pending={pending} pendingLabel="Moving…">
            {free === undefined ? "Move" : `Move to ${formatWhen(free.start, zone)}`}
          </Button>
        </div>
      </Form>
    </div>
  );
}

const sayEvery = 5_000;

/** The times of the day shown; those that go while one looks keep their box, and are spoken of at most each 5 s. */
function useKeptTimes(move: MoveView, zone: string): KeptTime[] {
  const announce = useAnnounce();
  const list = `${move.who} ${move.day ?? ""}`;
  const now = useMemo(
    () =>
      move.times.map(({ start, practitionerId }) => ({
        value: `${start.toISOString()} ${practitionerId}`,
        start: +start,
      })),
    [move.times],
  );
  const [kept, setKept] = useState({ list, times: keepTimes([], now) });
  const saidAt = useRef(0);
  useEffect(() => {
    setKept((before) => ({ list, times: keepTimes(before.list === list ? before.times : [], now) }));
  }, [list, now]);
  const shown = kept.list === list ? kept.times : keepTimes([], now);
  const taken = shown.filter((one) => one.taken);
  const last = taken.at(-1)?.start ?? null;
  useEffect(() => {
    if (last === null || Date.now() - saidAt.current < sayEvery) return;
    saidAt.current = Date.now();
    announce(`${formatTime(last, zone)} is taken. ${now.length} times left.`);
  }, [last, now.length, announce, zone]);
  return shown;
}
