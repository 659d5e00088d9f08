import { addDays, dayOf } from "@pulsecal/core";
import { attempt } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import type { StaffBooking } from "../types.ts";
import { type AgendaAddress, mondayOf } from "./address.ts";
import { datesOf } from "./grid-model.ts";
import type { Explained } from "./calendar.ts";

/** Days that the dialog to move shows at once. */
export const moveDays = 7;

/** Everything the agenda shows for an address, in two flights: the clinic first, then what depends on it. */
export async function readAgenda(staff: Caller["staff"], address: AgendaAddress, zone: string) {
  const [practitioners, services, opened] = await Promise.all([
    staff.practitioners.list(),
    staff.services.list(),
    address.booking === null ? null : staff.bookings.get({ bookingId: address.booking }),
  ]);
  const monday = mondayOf(address.date);
  const dates = datesOf(address, monday);
  const active = practitioners.filter((one) => one.active);
  const alone = practitioners.find(({ id }) => id === address.who) ?? active[0];
  const [bookings, calendar, move, place, series] = await Promise.all([
    address.view === "day"
      ? staff.bookings.day({ date: address.date })
      : alone === undefined
        ? []
        : staff.bookings.week({ practitionerId: alone.id, from: monday }),
    staff.times.calendar({ from: dates[0] ?? address.date, days: dates.length }),
    opened === null || address.ask !== "move" ? null : readMove(staff, address, opened, zone),
    address.at === null ? null : readPlace(staff, address.at, address, services),
    opened === null || opened.setId === null || opened.setKind !== "series"
      ? null
      : staff.series.get({ setId: opened.setId }),
  ]);
  return { practitioners, services, opened, bookings, calendar, move, place, series, dates, alone: alone?.id ?? null };
}

/** The times a booking could move to, as if it were not there itself. */
async function readMove(staff: Caller["staff"], address: AgendaAddress, booking: StaffBooking, zone: string) {
  const who = address.moveWho ?? booking.practitionerId;
  const from = address.moveFrom ?? dayOf(+booking.start, zone);
  const found = await attempt(() =>
    staff.times.free({
      serviceId: booking.serviceId,
      who,
      from,
      days: moveDays,
      minutes: Math.round((+booking.end - +booking.start) / 60_000),
      bookingId: booking.id,
    }),
  );
  // Where it stands already is no move.
  const isOther = (time: { start: Date; practitionerId: string }) =>
    +time.start !== +booking.start || time.practitionerId !== booking.practitionerId;
  const days = found.ok ? found.value.days.map(({ date, times }) => ({ date, times: times.filter(isOther) })) : [];
  const chosen = days.find(({ date }) => date === address.moveDay) ?? days.find(({ times }) => times.length > 0);
  return {
    who,
    from,
    previous: addDays(from, -moveDays),
    next: addDays(from, moveDays),
    days: days.map(({ date, times }) => ({ date, count: times.length })),
    day: chosen?.date ?? null,
    times: chosen?.times ?? [],
  };
}

type Service = { id: string; name: string; minutes: number; active: boolean; practitionerIds: string[] };

/** A place of the grid: what could be booked there, and which rules say no. */
async function readPlace(
  staff: Caller["staff"],
  at: { start: number; practitionerId: string },
  address: AgendaAddress,
  services: readonly Service[],
): Promise<{ services: Service[]; service: Service | null; explained: Explained | null }> {
  const given = services.filter((one) => one.active && one.practitionerIds.includes(at.practitionerId));
  const service = given.find(({ id }) => id === address.service) ?? given[0] ?? null;
  if (service === null) return { services: given, service, explained: null };
  const explained = await attempt(() =>
    staff.times.explain({
      serviceId: service.id,
      practitionerId: at.practitionerId,
      start: new Date(at.start),
      ...(address.minutes === null ? {} : { minutes: address.minutes }),
      ...(address.of === null ? {} : { bookingId: address.of }),
    }),
  );
  return { services: given, service, explained: explained.ok ? explained.value : null };
}

export type MoveView = Awaited<ReturnType<typeof readMove>>;
export type PlaceView = Awaited<ReturnType<typeof readPlace>>;
