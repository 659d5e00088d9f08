import { addDays, dayOf } from "@pulsecal/core";
import type { z } from "zod";
import { inTenant } from "../../../infra/in-tx.ts";
import type { Services } from "../../../infra/services.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { checkLength, isLimited, offeredTimes, spanOfDays, withRememberedRules } from "../../scheduling/index.ts";
import type { LiveTimesIn } from "../booking.schema.ts";
import { pointedBooking } from "../booking-on-link.ts";
import { minutesOf } from "../booking-view.ts";
import type { ClinicWork } from "./offered-times.ts";
import { type TimesItem, TimesRoom, type TimesState } from "./times-room.ts";

type LiveTimesInput = z.output<typeof LiveTimesIn>;

/** Rooms a node keeps open at once, of all clinics and of one; a visitor of one more is told to try again. */
const mostRooms = 5000;
const mostOfClinic = 500;
/** no service is bookable further ahead */
const furthestDays = 731;

const roomsOf = new WeakMap<Services, Map<string, TimesRoom>>();

/** How many rooms are open on this node. */
export function openRooms(s: Services): number {
  return roomsOf.get(s)?.size ?? 0;
}

/** A day's times and their changes, from the room that everybody on this node shares who watches the same day. */
export async function* watchTimes(
  work: ClinicWork,
  input: LiveTimesInput,
  signal: AbortSignal,
): AsyncGenerator<TimesItem, void, void> {
  const moving = input.token === undefined ? null : await movingBooking(work, input.serviceId, input.token);
  yield* roomFor(work, { ...input, ...moving }).watch(signal);
}

/** A day's times of a booking that is to be moved: its own length, as if it were not there. */
type Watched = LiveTimesInput & { without?: string };

async function movingBooking(work: ClinicWork, serviceId: string, token: string) {
  const row = await inTenant(work, (db) => pointedBooking(db, work.clinicId, { token }));
  if (row.serviceId !== serviceId) throw refuse("not_found");
  return { minutes: minutesOf(row), without: row.id };
}

function roomFor(work: ClinicWork, input: Watched): TimesRoom {
  const rooms = roomsOf.get(work.s) ?? new Map<string, TimesRoom>();
  roomsOf.set(work.s, rooms);
  const { serviceId, who, date, minutes, seats = 1, without } = input;
  const key = [work.clinicId, serviceId, who, date, minutes ?? "", seats, without ?? ""].join("|");
  const known = rooms.get(key);
  if (known) return known;
  const today = dayOf(work.s.now().getTime(), work.clinic.zone);
  if (input.date < addDays(today, -1) || input.date > addDays(today, furthestDays)) throw refuse("invalid");
  // Counted anew: rooms open far more seldom than they are looked at.
  const ofClinic = [...rooms.keys()].filter((one) => one.startsWith(`${work.clinicId}|`)).length;
  if (rooms.size >= mostRooms || ofClinic >= mostOfClinic) throw refuse("unavailable");
  const room: TimesRoom = makeRoom(work, input, () => {
    if (rooms.get(key) === room) rooms.delete(key);
  });
  rooms.set(key, room);
  return room;
}

function makeRoom(work: ClinicWork, input: Watched, onEmpty: () => void): TimesRoom {
  // The room outlives the request that opened it, so it keeps only what is not personal.
  const { s, clinicId, clinic } = work;
  const span = spanOfDays(input.date, 1, clinic.zone);
  const room = { s, clinicId, clinic: { zone: clinic.zone, status: clinic.status }, actor: "guest" };
  return new TimesRoom({
    date: input.date,
    serviceId: input.serviceId,
    span,
    load: () => loadTimes(room, input, span),
    events: (after, signal) => s.bus.subscribe(clinicId, after, signal),
    now: () => s.now().getTime(),
    log: s.log,
    onEmpty,
  });
}

async function loadTimes(work: ClinicWork, input: Watched, window: { from: number; to: number }): Promise<TimesState> {
  const { serviceId, without } = input;
  const practitionerId = input.who === "any" ? null : input.who;
  const a = await inTenant(work, (db) =>
    withRememberedRules(work)(db, {
      clinicId: work.clinicId,
      serviceId,
      practitionerId,
      window,
      ...(without && { without }),
    }),
  );
  const service = a?.services[0];
  if (!a || !service || service.practitionerIds.length === 0) throw refuse("not_found");
  if (a.clinic.status !== "live") throw refuse("not_bookable");
  if (without === undefined) checkLength(service, input.minutes);
  const { minutes, seats = 1 } = input;
  if (seats > service.seats) throw refuse("invalid", { fields: [{ path: "seats", issue: "more than a session has" }] });
  const starts = offeredTimes(a, service, window, { minutes, seats, without }).map((time) => time.start);
  const first = starts[0];
  return {
    free: starts.map((start) => new Date(start).toISOString()),
    cursor: work.s.bus.cursorAt(work.clinicId, a.horizon),
    people: new Set([...service.practitionerIds, ...service.needs.flatMap((need) => need.of)]),
    anybody: isLimited(service.limits),
    // What counts towards a week's limit may be booked six days before or after, in any service's time.
    reachDays: service.peopleLimited || isLimited(service.limits) ? 9 : 1,
    nextChangeAt: first === undefined ? null : first - service.noticeMinutes * 60_000,
  };
}
