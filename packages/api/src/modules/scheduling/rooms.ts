import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { writeOnceFor } from "./keyed-write.ts";
import { findRooms, putRoom } from "./rooms.repo.ts";
import type { Room, RoomSaveInput } from "./setup.schema.ts";

/** A house has an end. */
const mostRooms = 500;
const noLimits = { dayCount: null, dayMinutes: null, weekCount: null, weekMinutes: null };

/** The clinic's rooms and devices, with the services that need them. */
export function listRooms(work: Work): Promise<Room[]> {
  return inTenant(work, (db) => findRooms(db, work.clinicId));
}

/**
 * Makes a room or a device, or changes one; limits that are not sent stay as they are. One that is not booked any more
 * keeps the bookings it has.
 */
export async function saveRoom(work: Work, input: RoomSaveInput): Promise<Room> {
  const { clinicId } = work;
  const { kind, name, active } = input;
  const lock = input.id === undefined ? [] : [input.id];
  const { id } = await writeOnceFor(work, "rooms.save", { input, lock }, async (tx) => {
    const before = await roomBefore(tx, clinicId, input);
    const limit = (of: keyof typeof noLimits) => (input[of] === undefined ? before[of] : input[of]);
    const saved = {
      id: input.id ?? newId(),
      kind,
      name,
      active,
      dayCount: limit("dayCount"),
      dayMinutes: limit("dayMinutes"),
      weekCount: limit("weekCount"),
      weekMinutes: limit("weekMinutes"),
    };
    await putRoom(tx, clinicId, saved);
    await announce(tx, { clinicId, type: "room.changed", payload: { resourceId: saved.id } });
    await audit(tx, work, {
      action: input.id ? "room.changed" : "room.created",
      entity: "resource",
      entityId: saved.id,
      detail: { kind, active },
    });
    return { id: saved.id };
  });
  const saved = (await listRooms(work)).find((one) => one.id === id);
  if (!saved) throw refuse("not_found");
  return saved;
}

/** The limits it has. A practitioner is a resource too, but not one that is changed here. */
async function roomBefore(
  tx: TenantTx,
  clinicId: string,
  { id, kind }: RoomSaveInput,
): Promise<Pick<Room, keyof typeof noLimits>> {
  const rooms = await findRooms(tx, clinicId);
  if (id === undefined) {
    if (rooms.length < mostRooms) return noLimits;
    throw refuse("invalid", { fields: [{ path: "name", issue: "too many rooms" }] });
  }
  const before = rooms.find((room) => room.id === id);
  if (!before) throw refuse("not_found");
  if (before.kind !== kind) throw refuse("invalid", { fields: [{ path: "kind", issue: "stays what it is" }] });
  return before;
}
