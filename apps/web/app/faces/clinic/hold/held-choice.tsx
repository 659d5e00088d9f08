import { SummaryList, TextLink } from "@pulsecal/ui/site";
import { range } from "../../../lib/format.ts";

type Held = {
  start: Date;
  end: Date;
  service: { id: string; name: string };
  practitioner: { name: string };
  clinic: { name: string; zone: string };
};

const timesOf = (booking: Held) => `/book/${booking.service.id}/any`;

/** What is held, in two lines, for a phone. */
export function HeldLine({ booking }: { booking: Held }) {
  return (
    <p className="mt-2 text-18 text-muted lg:hidden">
      <span className="tabular font-semibold text-text">{range(booking.start, booking.end, booking.clinic.zone)}</span>
      <br />
      {booking.service.name} with {booking.practitioner.name}{" "}
      <TextLink className="ms-1" href={timesOf(booking)} aria-label="Change the time">
        Change
      </TextLink>
    </p>
  );
}

/** What is held, beside the form of a wide screen. */
export function HeldCard({ booking }: { booking: Held }) {
  const { zone } = booking.clinic;
  return (
    <div className="rounded-card border border-border bg-raised p-5">
      <SummaryList
        rows={[
          {
            key: "When",
            value: <span className="tabular font-semibold">{range(booking.start, booking.end, zone)}</span>,
            change: { href: timesOf(booking), label: "Change the time" },
          },
          { key: "Who", value: booking.practitioner.name },
          { key: "What", value: booking.service.name },
          { key: "Where", value: booking.clinic.name },
        ]}
      />
    </div>
  );
}
