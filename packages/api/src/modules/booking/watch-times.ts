import { addDays, dayOf } from "@pulsecal/core";
import type { z } from "zod";
import { inTenant } from "../../infra/in-tx.ts";
import type { Services } from "../../infra/services.ts";
import { refuse } from "../../trpc/error-map.ts";
import { loadAvailability, offeredTimes, spanOfDays } from "../scheduling/index.ts";
import type { LiveTimesIn } from "./booking.schema.ts";
import type { ClinicWork } from "./offered-times.ts";
import { type TimesItem, TimesRoom, type TimesState } from "./times-room.ts";

type LiveTimesInput = z.output<typeof LiveTimesIn>;

/** Rooms a node keeps open at once; a visitor of one more is told to try again. */
const mostRooms = 5000;
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
  yield* roomFor(work, input).watch(signal);
}

function roomFor(work: ClinicWork, input: LiveTimesInput): TimesRoom {
  const rooms = roomsOf.get(work.s) ?? new Map<string, TimesRoom>();
  roomsOf.set(work.s, rooms);
  const key = [work.clinicId, input.serviceId, input.who, input.date].join("|");
  const known = rooms.get(key);
  if (known) return known;
  const today = dayOf(work.s.now().getTime(), work.clinic.zone);
  if (input.date < addDays(today, -1) || input.date > addDays(today, furthestDays)) throw refuse("invalid");
  if (rooms.size >= mostRooms) throw refuse("unavailable");
  const room: TimesRoom = makeRoom(work, input, () => {
    if (rooms.get(key) === room) rooms.delete(key);
  });
  rooms.set(key, room);
  return room;
}

function makeRoom(work: ClinicWork, input: LiveTimesInput, onEmpty: () => void): TimesRoom {
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

async function loadTimes(
  work: ClinicWork,
  input: LiveTimesInput,
  window: { from: number; to: number },
): Promise<TimesState> {
  const practitionerId = input.who === "any" ? null : input.who;
  const a = await inTenant(work, (db) =>
    loadAvailability(db, { clinicId: work.clinicId, serviceId: input.serviceId, practitionerId, window }),
  );
  const service = a?.services[0];
  if (!a || !service || service.practitionerIds.length === 0) throw refuse("not_found");
  if (a.clinic.status !== "live") throw refuse("not_bookable");
  const starts = offeredTimes(a, service, window).map((time) => time.start);
  const first = starts[0];
  return {
    free: starts.map((start) => new Date(start).toISOString()),
    cursor: work.s.bus.cursorAt(work.clinicId, a.horizon),
    people: new Set(service.practitionerIds),
    nextChangeAt: first === undefined ? null : first - service.noticeMinutes * 60_000,
  };
}
