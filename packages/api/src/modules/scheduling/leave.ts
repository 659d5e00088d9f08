import { addDays } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import type { Reads } from "./availability.repo.ts";
import { writeOnceFor } from "./keyed-write.ts";
import { dropLeave, findLeave, findOneLeave, keepInLeave, type Leave, putLeave } from "./leave.repo.ts";
import type { LeaveKeepInput, LeaveListInput, LeaveSaveInput } from "./leave.schema.ts";
import { findPractitioners } from "./services.repo.ts";
import type { RemoveInput } from "./setup.schema.ts";
import { spanOfDays } from "./times.ts";

/** The leave of some days, both included. */
export function listLeave(work: Work & { clinic: { zone: string } }, { from, to }: LeaveListInput): Promise<Leave[]> {
  const span = {
    from: spanOfDays(from, 1, work.clinic.zone).from,
    to: spanOfDays(addDays(to, 1), 1, work.clinic.zone).from,
  };
  return inTenant(work, (db) => findLeave(db, work.clinicId, span));
}

/** Writes leave, over bookings too: those stay as they are until staff have settled them. */
export async function saveLeave(work: Work, input: LeaveSaveInput): Promise<Leave> {
  const { clinicId } = work;
  const { practitionerId, startsAt, endsAt, kind } = input;
  const { id } = await writeOnceFor(work, "leave.save", { input, lock: [practitionerId] }, async (tx) => {
    const before = input.id === undefined ? null : await oneLeave(tx, clinicId, input.id);
    if (before && before.practitionerId !== practitionerId) throw refuse("not_found");
    const people = await findPractitioners(tx, clinicId);
    if (!people.some((person) => person.id === practitionerId)) throw refuse("not_found");
    const leave: Leave = {
      id: input.id ?? newId(),
      practitionerId,
      startsAt,
      endsAt,
      kind,
      label: input.label ?? null,
    };
    await putLeave(tx, clinicId, leave);
    await announce(tx, { clinicId, type: "leave.changed", payload: changed(before ? around(before, leave) : leave) });
    await audit(tx, work, {
      action: before ? "leave.changed" : "leave.created",
      entity: "leave",
      entityId: leave.id,
      detail: { practitionerId, kind, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() },
    });
    return { id: leave.id };
  });
  return inTenant(work, (db) => oneLeave(db, clinicId, id));
}

/** Takes leave away: its time can be booked again. */
export async function removeLeave(work: Work, input: RemoveInput): Promise<{ removed: true }> {
  const { clinicId } = work;
  await writeOnceFor(work, "leave.remove", { input }, async (tx) => {
    const leave = await oneLeave(tx, clinicId, input.id);
    await dropLeave(tx, clinicId, input.id);
    await announce(tx, { clinicId, type: "leave.changed", payload: changed(leave) });
    await audit(tx, work, { action: "leave.removed", entity: "leave", entityId: input.id });
    return { id: input.id };
  });
  return { removed: true };
}

/** Settles a booking under leave: it stays. `check` refuses one that does not lie there. */
export async function keepBooking(
  work: Work,
  input: LeaveKeepInput,
  check: (db: Reads) => Promise<void>,
): Promise<{ kept: true }> {
  const { clinicId } = work;
  await writeOnceFor(work, "leave.keep", { input }, async (tx) => {
    const leave = await oneLeave(tx, clinicId, input.leaveId);
    await check(tx);
    const { leaveId, bookingId } = input;
    await keepInLeave(tx, clinicId, { id: newId(), leaveId, bookingId });
    await announce(tx, { clinicId, type: "leave.changed", payload: changed(leave) });
    await audit(tx, work, { action: "leave.kept", entity: "booking", entityId: bookingId, detail: { leaveId } });
    return { leaveId, bookingId };
  });
  return { kept: true };
}

async function oneLeave(db: Reads, clinicId: string, id: string): Promise<Leave> {
  const leave = await findOneLeave(db, clinicId, id);
  if (!leave) throw refuse("not_found");
  return leave;
}

function changed({ practitionerId, startsAt, endsAt }: Omit<Leave, "id" | "kind" | "label">) {
  return { resourceId: practitionerId, from: startsAt.toISOString(), to: endsAt.toISOString() };
}

/** The stretch that holds both: what changed lies somewhere in it. */
function around(a: Leave, b: Leave): Leave {
  return {
    ...b,
    startsAt: a.startsAt < b.startsAt ? a.startsAt : b.startsAt,
    endsAt: a.endsAt > b.endsAt ? a.endsAt : b.endsAt,
  };
}
