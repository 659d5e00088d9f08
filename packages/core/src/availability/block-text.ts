import { MINUTE_MS } from "../time/calendar.ts";
import { formatTime, formatWhen } from "../time/format-time.ts";
import type { Block } from "./types.ts";

function stretch(block: Block, zone: string): string {
  if (block.from === undefined || block.to === undefined) return "";
  // a day or more needs its dates said
  const long = block.to - block.from >= 24 * 60 * MINUTE_MS;
  const format = long ? formatWhen : formatTime;
  return ` from ${format(block.from, zone)} to ${format(block.to, zone)}`;
}

/** One rule in a short sentence for staff. Says what blocks the time, never who booked. */
export function blockText(block: Block, zone: string, nameOf: (resource: string) => string = (id) => id): string {
  const who = block.resource === undefined ? "" : `${nameOf(block.resource)}: `;
  switch (block.why) {
    case "past":
      return "This time has passed";
    case "notice":
      return block.to === undefined ? "Too soon" : `Too soon: bookable from ${formatWhen(block.to, zone)}`;
    case "horizon":
      return block.from === undefined ? "Before the first bookable day" : "After the last bookable day";
    case "off_grid":
      return `${who}Not one of the starts`;
    case "closed":
      return `${who}Outside the hours`;
    case "holiday":
      return `${who}Public holiday`;
    case "closure":
      return `The clinic is shut${stretch(block, zone)}`;
    case "leave":
      return `${who}Leave${stretch(block, zone)}`;
    case "busy":
      return `${who}Busy${stretch(block, zone)}`;
    case "seats":
      return `${who}Not enough seats`;
    case "day_limit":
      return `${who}No more on this day`;
    case "week_limit":
      return `${who}No more in this week`;
    case "not_enough":
      return "Not enough free at once";
  }
}
