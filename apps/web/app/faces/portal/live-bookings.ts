import { useAnnounce } from "@pulsecal/ui/app";
import { useEffect, useMemo, useRef, useState } from "react";
import { useLiveEvents, useLiveState } from "../../lib/live.tsx";
import { changeLine, type Mark, markOf, mergeBookings } from "./changes.ts";
import type { StaffBooking, StaffEvent } from "./types.ts";

const markedFor = 6_000;

/** A booking as an event brought it, with the reading of the page it came after. */
type Arrival = { booking: StaffBooking; epoch: number };

type LiveBookings = { bookings: StaffBooking[]; marks: ReadonlyMap<string, Mark>; line: string | null };

/**
 * The bookings of a page, kept right by live events. What arrives is marked for six seconds and said in one line; the
 * list itself never moves focus.
 */
export function useLiveBookings(
  read: readonly StaffBooking[],
  o: { zone: string; shownDay: string; belongs: (booking: StaffBooking) => boolean },
): LiveBookings {
  const announce = useAnnounce();
  const { epoch } = useLiveState();
  const [arrivals, setArrivals] = useState<ReadonlyMap<string, Arrival>>(new Map());
  const [marks, setMarks] = useState<ReadonlyMap<string, Mark>>(new Map());
  const [line, setLine] = useState<string | null>(null);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  // An approval is told as one and confirms the booking right after: it is said once.
  const approved = useRef(new Set<string>());

  // When everything has been read again, what arrived before that is part of it.
  const newest = useRef(epoch);
  useEffect(() => {
    newest.current = epoch;
  }, [epoch]);
  useEffect(() => {
    setArrivals((now) => new Map([...now].filter(([, one]) => one.epoch === newest.current)));
  }, [read]);
  useEffect(() => {
    const running = timers.current;
    return () => {
      for (const timer of running.values()) clearTimeout(timer);
    };
  }, []);

  const bookings = useMemo(
    () => mergeBookings(read, new Map([...arrivals].map(([id, one]) => [id, one.booking])), o.belongs),
    [read, arrivals, o.belongs],
  );

  const unmark = (id: string) => {
    timers.current.delete(id);
    setMarks((now) => new Map([...now].filter(([other]) => other !== id)));
  };

  useLiveEvents<StaffEvent>((event) => {
    const { booking } = event;
    if (!booking) return;
    setArrivals((now) => new Map(now).set(booking.id, { booking, epoch }));
    if (event.type === "booking.approved") approved.current.add(booking.id);
    const told = event.type === "booking.confirmed" && approved.current.delete(booking.id);
    const said = told ? null : changeLine(event.type, booking, o.zone, o.shownDay);
    if (said !== null) {
      setLine(said);
      announce(said);
    }
    const mark = markOf(event.type, bookings.find((one) => one.id === booking.id)?.state);
    if (mark === null || !o.belongs(booking)) return;
    setMarks((now) => new Map(now).set(booking.id, mark));
    clearTimeout(timers.current.get(booking.id));
    timers.current.set(
      booking.id,
      setTimeout(() => unmark(booking.id), markedFor),
    );
  });

  return { bookings, marks, line };
}
