import { holdUntil } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { bookingToken } from "../../../infra/tokens.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { findAnswer, hashInput, type LoadedQuestion, replay } from "../../scheduling/index.ts";
import { type BookingRow, findBookings } from "../booking.repo.ts";
import { isLapsed, minutesOf } from "../booking-view.ts";
import { holdExpired } from "../take/hold-time.ts";
import { inBookingTx, untilUnchanged } from "../in-booking-tx.ts";
import { releaseHeld, resourcesOf } from "../queue.repo.ts";
import { ChangedMeanwhile, SlotTaken } from "../slot-taken.ts";
import type { Visit } from "../take/visit.ts";
import { writeVisits } from "../take/write-visits.ts";
import { type AssignedVisit, assignFamily, assignSeats, type FamilyVisit } from "./family-times.ts";
import { bookingOfToken, HoldLapsed, idsOfSet, loadAround } from "./held-set.ts";
import { proposalAround } from "./propose-family.ts";
import { queuesOf } from "./queues.ts";
import { holderOf } from "./set.repo.ts";
import type { FamilyTakeInput } from "./sets.schema.ts";
import { type SeatTaken, takeSeats } from "./take-seats.ts";

type Taken = {
  expiresAt: string;
  visits: { bookingId: string; start: string; practitionerId: string }[];
};

/** A family comes on one day. */
const dayMs = 24 * 60 * 60_000;

/**
 * Holds a family's times instead of the one that was held: all of them, or the one stays as it was (`slot_taken` with
 * `kept` and a fresh proposal). The old hold goes and the new ones come in one transaction.
 */
export async function takeFamily(work: Work, input: FamilyTakeInput) {
  const row = await bookingOfToken(work, input.token);
  const visits = input.visits
    .map(({ start, practitionerId }) => ({ start: start.getTime(), practitionerId }))
    .sort((a, b) => a.start - b.start);
  if ((visits.at(-1)?.start ?? 0) - (visits[0]?.start ?? 0) > dayMs) throw refuse("not_offered");
  try {
    const { expiresAt, visits: held } = await untilUnchanged(() => takeOnce(work, row, visits, input));
    return {
      expiresAt: new Date(expiresAt),
      visits: held.map(({ bookingId, start, practitionerId }) => ({
        token: bookingToken(work.s.env.secret, work.clinicId, bookingId),
        start: new Date(start),
        practitionerId,
      })),
    };
  } catch (error) {
    if (error instanceof HoldLapsed) throw await holdExpired(work, row);
    if (!(error instanceof SlotTaken)) throw error;
    throw refuse("slot_taken", { kept: true, ...(await proposalAround(work, row, visits.length)) });
  }
}

async function takeOnce(
  work: Work,
  row: BookingRow,
  visits: readonly FamilyVisit[],
  input: FamilyTakeInput,
): Promise<Taken> {
  const { clinicId } = work;
  const starts = visits.map(({ start }) => start);
  const people = visits.map(({ practitionerId }) => practitionerId);
  const key = { key: input.key, inputHash: hashInput(work.s.env.secret, "booking.family.take", input) };
  // A key that was used before is answered as then, whatever has become of the clinic.
  const stored = await inTenant(work, (db) => findAnswer<Taken>(db, clinicId, key.key));
  const answered = replay(stored, key.inputHash);
  if (answered) return answered;
  const before = await inTenant(work, async (db) => ({
    holder: await holderOf(db, clinicId, row.id),
    held: await resourcesOf(db, clinicId, idsOfSet(row)),
    loaded: await loadAround(db, clinicId, row, starts),
  }));
  const offered = new Set(before.loaded.service.practitionerIds);
  if (!visits.every(({ practitionerId }) => offered.has(practitionerId))) throw refuse("not_found");
  const { holder } = before;
  const resourceIds = [...before.held, ...queuesOf(before.loaded.service, people)];
  return inBookingTx(work, { resourceIds, key, holder }, async (tx, now, { former }): Promise<Taken> => {
    const [held] = await findBookings(tx, clinicId, [row.id]);
    if (held?.state !== "held" || isLapsed(held)) throw new HoldLapsed();
    await releaseHeld(tx, clinicId, [...new Set([...former, ...idsOfSet(held)])]);
    const loaded = await loadAround(tx, clinicId, held, starts);
    if (!queuesOf(loaded.service, people).every((id) => resourceIds.includes(id))) throw new ChangedMeanwhile();
    return holdSet(tx, work, { loaded, visits, minutes: minutesOf(held), now, holder });
  });
}

type SetToHold = {
  loaded: LoadedQuestion;
  visits: readonly FamilyVisit[];
  minutes: number;
  now: number;
  holder: Uint8Array | null;
};

async function holdSet(tx: TenantTx, work: Work, set: SetToHold): Promise<Taken> {
  const { loaded, now, holder } = set;
  const setId = newId();
  const holdExpiresAt = holdUntil(now);
  const placed = loaded.service.seats > 1 ? await placedOnSeats(tx, work, set) : placedInTime(set);
  const visits = placed.map(
    (place): Visit => ({
      ...place,
      bookingId: newId(),
      serviceId: loaded.service.id,
      state: "held",
      holdExpiresAt,
      patient: null,
      bookedBy: "patient",
      setId,
      setKind: "family",
      holder,
    }),
  );
  await writeVisits(tx, work, visits, now);
  return {
    expiresAt: new Date(holdExpiresAt).toISOString(),
    visits: visits.map(({ bookingId, start, practitionerId }) => ({
      bookingId,
      start: new Date(start).toISOString(),
      practitionerId,
    })),
  };
}

function placedInTime({ loaded, visits, minutes }: SetToHold): AssignedVisit[] {
  const assigned = assignFamily(loaded, visits, minutes);
  if (!assigned) throw new SlotTaken();
  return assigned;
}

/** A family comes to a group session as one: everybody to the same. */
async function placedOnSeats(
  tx: TenantTx,
  work: Work,
  { loaded, visits, minutes }: SetToHold,
): Promise<(AssignedVisit & { seat: SeatTaken })[]> {
  const { service } = loaded;
  const [first] = visits;
  if (!first || visits.some((visit) => visit.start !== first.start || visit.practitionerId !== first.practitionerId)) {
    throw refuse("not_offered");
  }
  const resources = assignSeats(loaded, first, minutes, visits.length);
  if (!resources) throw new SlotTaken();
  const seats = await takeSeats(tx, work, { service, ...first, minutes, resources, wanted: visits.length });
  return seats.map((seat) => ({ ...first, minutes, resources, seat }));
}
