import { formatWhen } from "@pulsecal/core";
import { Notice } from "@pulsecal/ui/app";
import { patientOf } from "./changes.ts";
import type { StaffBooking } from "./types.ts";

const most = 30;

/** Whom a time away would meet, before it is saved. */
export function MeetsNotice({ meets, zone, then }: { meets: StaffBooking[]; zone: string; then: string }) {
  if (meets.length === 0) return <Notice tone="success" role="status" title="It meets no booking." />;
  return (
    <Notice
      tone="warning"
      role="status"
      title={meets.length === 1 ? "It meets 1 booking" : `It meets ${meets.length} bookings`}
    >
      <ul className="my-1 space-y-0.5">
        {meets.slice(0, most).map((booking) => (
          <li key={booking.id} className="tabular-nums">
            {formatWhen(+booking.start, zone)}, {patientOf(booking)}
          </li>
        ))}
        {meets.length > most ? <li>and {meets.length - most} more</li> : null}
      </ul>
      {then}
    </Notice>
  );
}
