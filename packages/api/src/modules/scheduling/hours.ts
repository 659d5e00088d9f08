import { createHash } from "node:crypto";
import type { DayWindow, Rules, Timetable } from "@pulsecal/core";
import { inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { findHours, type KeptHours, replaceHours, type StoredHours, type Whose } from "./hours.repo.ts";
import { openedBy } from "./opened-hours.ts";
import { inOneFlight, lockResources } from "./resource-lock.ts";
import type { Hours, HoursSaveInput } from "./scheduling.schema.ts";
import type { RoomHours, RoomHoursSaveInput } from "./setup.schema.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "./stored-answers.ts";

/** A practitioner's hours with the version to save them under. */
export async function getHours(work: Work, practitionerId: string): Promise<Hours> {
  return readHours(work, { whose: "practitioner", id: practitionerId });
}

/** A room's or a device's hours with the version to save them under. */
export async function getRoomHours(work: Work, roomId: string): Promise<RoomHours> {
  return readHours(work, { whose: "room", id: roomId });
}

/** Replaces a practitioner's hours, unless somebody else saved since they were read. Bookings queue behind it. */
export function saveHours(work: Work, input: HoursSaveInput): Promise<Hours> {
  return replaceFor(work, { whose: "practitioner", id: input.practitionerId }, input);
}

/** The same for a room or a device; without weekly hours and timetables it is there at any hour. */
export function saveRoomHours(work: Work, input: RoomHoursSaveInput): Promise<RoomHours> {
  return replaceFor(work, { whose: "room", id: input.roomId }, input);
}

type Of = { whose: Whose; id: string };
const procedures = { practitioner: "hours.save", room: "rooms.saveHours" } as const;
const events = { practitioner: "hours.changed", room: "room.changed" } as const;
const entities = { practitioner: "practitioner", room: "resource" } as const;

async function readHours(work: Work, of: Of): Promise<Hours> {
  const stored = await inTenant(work, (db) => findHours(db, work.clinicId, of));
  if (!stored) throw refuse("not_found");
  return withVersion(stored);
}

function replaceFor(work: Work, of: Of, input: Omit<HoursSaveInput, "practitionerId">): Promise<Hours> {
  const { id, whose } = of;
  const inputHash = hashInput(work.s.env.secret, procedures[whose], input);
  // what is wrong in itself is refused before anybody queues
  tidy(input);
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const { clinicId } = work;
      await lockResources(tx, clinicId, [id]);
      const [stored, before] = await inOneFlight([
        findAnswer<{ version: string }>(tx, clinicId, input.key),
        findHours(tx, clinicId, of),
      ]);
      if (!before) throw refuse("not_found");
      if (replay(stored, inputHash)) return withVersion(before);
      if (withVersion(before).version !== input.version) throw refuse("changed_meanwhile");
      const { timetables = before.timetables, limits = before.limits } = input;
      const rules: KeptHours = { ...tidy({ ...input, timetables }), limits };
      await replaceHours(tx, clinicId, id, rules);
      const after = await findHours(tx, clinicId, of);
      const saved = withVersion(after ?? { ...rules, leaveCount: before.leaveCount });
      const opened = whose === "practitioner" ? await openedBy(tx, clinicId, { before, after: rules }) : [];
      await inOneFlight([
        announce(tx, {
          clinicId,
          type: events[whose],
          payload: { resourceId: id, ...(opened.length > 0 && { opened }) },
        }),
        audit(tx, work, {
          action: "hours.saved",
          entity: entities[whose],
          entityId: id,
          detail: {
            windows: rules.weekly.length,
            overrides: rules.overrides.length,
            timetables: rules.timetables.length,
            from: input.version,
            to: saved.version,
          },
        }),
        storeAnswer(tx, clinicId, { key: input.key, inputHash, answer: { version: saved.version } }),
      ]);
      return saved;
    }),
  );
}

/** Windows in order, each date once: what is stored is what is compared later. */
export function tidy(input: {
  weekly: Rules["weekly"];
  overrides: Rules["overrides"];
  timetables?: Timetable[] | undefined;
}) {
  const dates = new Set(input.overrides.map((override) => override.date));
  if (dates.size !== input.overrides.length)
    throw refuse("invalid", { fields: [{ path: "overrides", issue: "a date stands there twice" }] });
  const byTime = (a: DayWindow, b: DayWindow) => a.from - b.from || a.to - b.to;
  const inOrder = (weekly: Rules["weekly"]) => [...weekly].sort((a, b) => a.weekday - b.weekday || byTime(a, b));
  return {
    weekly: inOrder(input.weekly),
    timetables: (input.timetables ?? [])
      .map(({ from, until, weekly }) => ({ from, until, weekly: inOrder(weekly) }))
      .sort((a, b) => compareDates(a.from, b.from) || compareDates(a.until, b.until)),
    overrides: input.overrides
      .map((override) => ({ date: override.date, windows: [...override.windows].sort(byTime) }))
      .sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}

/** An open beginning or end comes first. */
function compareDates(a: string | null, b: string | null): number {
  return (a ?? "") < (b ?? "") ? -1 : Number((a ?? "") > (b ?? ""));
}

function withVersion(hours: StoredHours): Hours {
  const { weekly, overrides, timetables } = tidy(hours);
  const { dayCount, dayMinutes, weekCount, weekMinutes } = hours.limits;
  const week = (windows: Rules["weekly"]) => windows.map(({ weekday, from, to }) => [weekday, from, to]);
  const said = JSON.stringify([
    week(weekly),
    overrides.map(({ date, windows }) => [date, windows.map(({ from, to }) => [from, to])]),
    timetables.map((table) => [table.from, table.until, week(table.weekly)]),
    [dayCount, dayMinutes, weekCount, weekMinutes],
  ]);
  return {
    weekly,
    overrides,
    timetables,
    limits: { dayCount, dayMinutes, weekCount, weekMinutes },
    leaveCount: hours.leaveCount,
    version: createHash("sha256").update(said).digest("base64url").slice(0, 22),
  };
}
