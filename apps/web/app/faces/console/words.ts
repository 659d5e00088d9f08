import { formatTime, formatWhen } from "@pulsecal/core";

/** The console's clock: one zone for everybody who works on the platform. */
export const platformZone = "Africa/Johannesburg";

const minute = 60_000;

/** How long ago, in one unit: "just now", "5 min", "3 h", "2 days". */
export function sinceText(from: Date, now: number): string {
  const minutes = Math.max(0, Math.floor((now - +from) / minute));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} days`;
}

/** "waiting for 3 h", but never "for just now": "waiting for less than a minute". */
export const waitingText = (from: Date, now: number): string => {
  const since = sinceText(from, now);
  return since === "just now" ? "for less than a minute" : `for ${since}`;
};

const happened: Record<string, string> = {
  "clinic.signed_up": "signed up",
  "clinic.approved": "was approved",
  "booking.confirmed": "got a booking",
  "booking.cancelled": "lost a booking",
};

/** What happened, in words; null for events that are no news in the console. */
export const newsText = (type: string): string | null => happened[type] ?? null;

/** A moment of the feed: the time today, with the day before that. */
export function momentText(at: Date, now: number): string {
  return now - +at < 12 * 60 * minute ? formatTime(+at, platformZone) : formatWhen(+at, platformZone);
}
