import { formatTime, formatWhen } from "@pulsecal/core";
import type { Staff, StaffBooking, StaffEvent } from "./types.ts";

type Line = { id: string; text: string; href: string };

/** One thing that waits for a person, by an id that stays the same while it waits. */
export type Need =
  | { kind: "request"; id: string; booking: StaffBooking }
  | ({ kind: "leave" | "gap" | "offer" | "setup" } & Line);

/** What the page was read with. */
export type NeedsRead = {
  today: Pick<Staff["today"], "requests" | "needs" | "zone">;
  /** leave ahead with bookings nobody has settled */
  affected: Staff["leave"]["affected"];
  /** null for a role that may not see the waitlist */
  waitlist: Pick<Staff["waitlist"]["list"], "gaps"> | null;
  doctors: readonly { id: string; name: string }[];
};

/** Everything that waits for a person, what a patient waits for first. */
export function needsOf({ today, affected, waitlist, doctors }: NeedsRead): Need[] {
  const { zone } = today;
  return [
    ...today.requests.map((booking): Need => ({ kind: "request", id: `request-${booking.id}`, booking })),
    ...affected.map(({ leave, bookings }): Need => {
      const name = doctors.find(({ id }) => id === leave.practitionerId)?.name ?? "A doctor";
      const count = bookings.length === 1 ? "1 booking" : `${bookings.length} bookings`;
      return {
        kind: "leave",
        id: `leave-${leave.id}`,
        text: `${leave.kind === "block" ? "Blocked time" : "Leave"} of ${name} from ${formatWhen(+leave.startsAt, zone)}: ${count} to settle.`,
        href: `/portal/settings/hours?who=${leave.practitionerId}#leave`,
      };
    }),
    ...(waitlist?.gaps ?? []).flatMap((gap) => gapNeed(gap, zone)),
    // That the clinic itself waits for approval is said once, above everything.
    ...today.needs
      .filter(({ kind }) => kind !== "approval")
      .map(({ kind, text, href }): Need => ({ kind: "setup", id: `${kind}-${href}`, text, href })),
  ];
}

type Gap = Staff["waitlist"]["list"]["gaps"][number];

/** A time that came free: kept for somebody just now, or waiting to be offered by hand. */
function gapNeed(gap: Gap, zone: string): Need[] {
  const line = { id: `gap-${gap.id}`, href: `/portal/waitlist#gap-${gap.id}` };
  const time = `${gap.seat ? "A seat on " : ""}${formatWhen(+gap.start, zone)} with ${gap.practitionerName}`;
  if (gap.offer !== null) {
    const until = formatTime(+gap.offer.expiresAt, zone);
    return [{ kind: "offer", ...line, text: `${time} is kept for ${gap.offer.name} until ${until}.` }];
  }
  const asked = new Set(gap.asked.map(({ entryId }) => entryId));
  const left = gap.fits.filter(({ entryId }) => !asked.has(entryId)).length + gap.more;
  if (left === 0) return [];
  return [{ kind: "gap", ...line, text: `${time} came free. ${left === 1 ? "1 person fits" : `${left} people fit`}.` }];
}

/** A need as the page shows it: `over` once it waits no longer, until the list is shown anew. */
export type ShownNeed = { need: Need; over: boolean };

/**
 * What stands on screen after a new reading: what was there keeps its place and takes its new words, what is new waits.
 * Nothing a reader looks at moves.
 */
export function laidOver(shown: readonly Need[], read: readonly Need[]): { rows: ShownNeed[]; fresh: Need[] } {
  const now = new Map(read.map((need) => [need.id, need]));
  const before = new Set(shown.map(({ id }) => id));
  return {
    rows: shown.map((need) => ({ need: now.get(need.id) ?? need, over: !now.has(need.id) })),
    fresh: read.filter(({ id }) => !before.has(id)),
  };
}

/** What changes rules, leave or the waitlist; bookings only where they are among those that wait. */
const wide = /^(?:waitlist|leave|closure|hours|service|practitioner|clinic)\./;

/** Whether a live event may change what waits. `waiting`: bookings that are asked for or lie under leave. */
export function touchesNeeds({ type, booking }: StaffEvent, waiting: ReadonlySet<string>): boolean {
  if (wide.test(type)) return true;
  return booking ? booking.state === "requested" || waiting.has(booking.id) : false;
}
