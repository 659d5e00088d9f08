import { occupies } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { bookingToken } from "../../../infra/tokens.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { checkedAnswersOfAll, sealAnswers, writeAnswers } from "../../intake/index.ts";
import { putPatients, sealBookingText, sealContact, sealDependant, type SealedPerson } from "../../records/index.ts";
import { hashInput } from "../../scheduling/index.ts";
import { type BookingEvent, holdDueEvent, placeEvent, placeOf, reminderEvents } from "../booking.live.ts";
import { type BookingRow, findBookings } from "../booking.repo.ts";
import { isLapsed, viewOf } from "../booking-view.ts";
import { warningsOf } from "../take/book-time.ts";
import { holdExpired } from "../take/hold-time.ts";
import { inBookingTx, untilUnchanged } from "../in-booking-tx.ts";
import { resourcesOf } from "../queue.repo.ts";
import { ChangedMeanwhile } from "../slot-taken.ts";
import { bookingOfToken, HoldLapsed, idsOfSet } from "./held-set.ts";
import { clashesInSet } from "./own-clashes.repo.ts";
import { bookingsOfSet, changeSet, type SetChange } from "./set.repo.ts";
import type { FamilyConfirmInput } from "./sets.schema.ts";

/**
 * Books a family's held times, all of them or none. The first person is who can be reached; the others are dependants of
 * theirs, each a patient with a key of their own.
 */
export async function confirmFamily(work: Work, input: FamilyConfirmInput) {
  const row = await bookingOfToken(work, input.token);
  if (row.setKind !== "family") throw refuse("not_found");
  try {
    const { bookingIds } = await untilUnchanged(() => confirmOnce(work, row, input));
    const [rows, clashes] = await inTenant(work, (db) =>
      Promise.all([findBookings(db, work.clinicId, bookingIds), clashesInSet(db, work.clinicId, row.setId ?? "")]),
    );
    return {
      bookings: rows.map((booking) => ({
        token: bookingToken(work.s.env.secret, work.clinicId, booking.id),
        booking: viewOf(work, booking),
        warnings: warningsOf(clashes.includes(booking.id)),
      })),
    };
  } catch (error) {
    if (error instanceof HoldLapsed) throw await holdExpired(work, row);
    throw error;
  }
}

async function confirmOnce(work: Work, row: BookingRow, input: FamilyConfirmInput): Promise<{ bookingIds: string[] }> {
  const { clinicId } = work;
  const { setId } = row;
  if (setId === null) throw refuse("not_found");
  const key = { key: input.key, inputHash: hashInput(work.s.env.secret, "booking.family.confirm", input) };
  const resourceIds = await inTenant(work, (db) => resourcesOf(db, clinicId, idsOfSet(row)));
  return inBookingTx(work, { resourceIds, key }, async (tx, now) => {
    const rows = await findBookings(tx, clinicId, await bookingsOfSet(tx, clinicId, setId));
    if (rows.some(({ clinicStatus }) => clinicStatus !== "live")) throw refuse("not_bookable");
    // somebody booked it already
    if (rows.some(({ state }) => occupies(state) && state !== "held")) throw refuse("conflict");
    // one that was let go, or has run out, takes the whole set with it
    if (rows.some((booking) => booking.state !== "held" || isLapsed(booking))) throw new HoldLapsed();
    if (!rows.every((booking) => booking.resourceIds.every((id) => resourceIds.includes(id)))) {
      throw new ChangedMeanwhile();
    }
    if (rows.length !== input.people.length) throw refuse("invalid", { fields: [{ path: "people", issue: "count" }] });
    await bookPeople(tx, work, { rows, input, now });
    return { bookingIds: rows.map(({ id }) => id) };
  });
}

type Confirmation = { rows: readonly BookingRow[]; input: FamilyConfirmInput; now: number };

async function bookPeople(tx: TenantTx, work: Work, { rows, input, now }: Confirmation): Promise<void> {
  const { clinicId } = work;
  const at = { clinicId, serviceId: rows[0]?.serviceId ?? "" };
  const answers = await checkedAnswersOfAll(
    tx,
    at,
    input.people.map((person) => person.answers),
  );
  const people = await sealPeople(work, input);
  await putPatients(
    tx,
    clinicId,
    people.map(({ row }) => row),
  );
  const changes = rows.map((row, index) => changeOf(row, people[index], index === 0 ? input.reason : undefined));
  await changeSet(tx, clinicId, changes, {
    events: rows.flatMap((row, index) => eventsOf(row, changes[index], now)),
    audits: rows.map((row, index) => ({
      bookingId: row.id,
      action: changes[index]?.state === "requested" ? "booking.requested" : "booking.confirmed",
      detail: { from: "held", to: changes[index]?.state, startsAt: row.startsAt.toISOString(), setId: row.setId },
    })),
  });
  for (const [index, row] of rows.entries()) {
    const person = people[index];
    if (person) await writeAnswers(tx, clinicId, row.id, sealAnswers(person.key, answers[index] ?? []));
  }
}

async function sealPeople(work: Work, { people, email, phone }: FamilyConfirmInput): Promise<SealedPerson[]> {
  const clinic = await work.s.vault.clinicKey(work.clinicId);
  const guardianId = newId();
  const contact = { email: email ?? null, phone: phone ?? null };
  return people.map(({ name }, index) =>
    index === 0 ? sealContact(clinic, { name, ...contact }, guardianId) : sealDependant(clinic, { guardianId, name }),
  );
}

function changeOf(row: BookingRow, person: SealedPerson | undefined, reason: string | undefined): SetChange {
  const requested = row.needsApproval;
  return {
    bookingId: row.id,
    state: requested ? "requested" : "confirmed",
    occupancy: requested ? "held" : "booked",
    // a request keeps its time until it is answered or the time has come
    holdExpiresAt: requested ? row.startsAt : null,
    countsAsChange: false,
    patientId: person?.row.id ?? null,
    reason: person && reason ? sealBookingText(person.key, row.id, "reason_sealed", reason) : null,
    cancelledBy: null,
  };
}

function eventsOf(row: BookingRow, change: SetChange | undefined, now: number): BookingEvent[] {
  const place = placeOf(row);
  if (change?.state !== "requested") return [placeEvent("booking.confirmed", place), ...reminderEvents(place, now)];
  return [placeEvent("booking.requested", place), holdDueEvent(row.id, row.startsAt.toISOString())];
}
