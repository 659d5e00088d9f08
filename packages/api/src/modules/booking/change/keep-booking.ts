import type { BookingState } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { hashInput } from "../../scheduling/index.ts";
import { placeEvent, placeOf } from "../booking.live.ts";
import { pointedBooking } from "../booking-on-link.ts";
import { type BookingRow, writeTrail } from "../booking.repo.ts";
import { inBookingTx, untilUnchanged } from "../in-booking-tx.ts";
import { stillThere } from "./move-booking.ts";

/** What is over cannot be kept. */
const standing: ReadonlySet<BookingState> = new Set(["requested", "confirmed"]);

/** The patient stays with the time the clinic moved them to; pressing it twice, or with nothing to keep, changes nothing. */
export async function keepBooking(work: Work, input: { token: string; key: string }): Promise<BookingRow> {
  const once = { key: input.key, inputHash: hashInput(work.s.env.secret, "booking.keep", input) };
  const pointer = { token: input.token };
  const { id } = await untilUnchanged(async () => {
    const { id: bookingId, resourceIds } = await inTenant(work, (db) => pointedBooking(db, work.clinicId, pointer));
    return inBookingTx(work, { resourceIds, key: once }, async (tx) => {
      const row = await stillThere(tx, work.clinicId, bookingId, resourceIds);
      if (row.movedFrom !== null && standing.has(row.state)) await keep(tx, work.clinicId, row);
      return { id: bookingId };
    });
  });
  return inTenant(work, (db) => pointedBooking(db, work.clinicId, { bookingId: id }));
}

async function keep(tx: TenantTx, clinicId: string, row: BookingRow): Promise<void> {
  await tx.$executeRaw`
    UPDATE app.booking SET moved_from = NULL, updated_at = clock_timestamp()
    WHERE clinic_id = ${clinicId}::uuid AND id = ${row.id}::uuid`;
  await writeTrail(tx, clinicId, row.id, {
    events: [placeEvent("booking.kept", placeOf(row))],
    audit: { action: "booking.kept", detail: { startsAt: row.startsAt.toISOString() } },
  });
}
