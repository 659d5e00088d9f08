import { addDays } from "@pulsecal/core";
import { dateFrom } from "../wall.ts";

/** What stands beside the agenda. */
export type AgendaAddress = {
  view: "day" | "week";
  date: string;
  /** the doctor shown alone, if one is chosen */
  who: string | null;
  booking: string | null;
  /** asked for in the drawer: a question, the dialog to move, the stepper */
  ask: "cancel" | "cancel_series" | "decline" | "no_show" | "move" | null;
  /** a place of the grid: instant and doctor */
  at: { start: number; practitionerId: string } | null;
  /** the booking whose own time the explanation sets aside */
  of: string | null;
  service: string | null;
  minutes: number | null;
  /** page of the dialog to move: its first day, the day chosen, the doctor or "any" */
  moveFrom: string | null;
  moveDay: string | null;
  moveWho: string | null;
};

const asks: ReadonlySet<string> = new Set(["cancel", "cancel_series", "decline", "no_show", "move"]);
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const idIn = (raw: string | null): string | null => (raw !== null && uuid.test(raw) ? raw : null);

/** Reads the page's address; what makes no sense in it counts as not there. */
export function readAddress(params: URLSearchParams, today: string): AgendaAddress {
  const raw = params.get("ask");
  const start = Date.parse(params.get("at") ?? "");
  const practitionerId = idIn(params.get("with"));
  const minutes = Number(params.get("minutes") ?? "");
  const moveWho = params.get("moveWho");
  return {
    view: params.get("view") === "week" ? "week" : "day",
    date: dateFrom(params.get("date"), today),
    who: idIn(params.get("who")),
    booking: idIn(params.get("booking")),
    ask: raw !== null && asks.has(raw) ? (raw as AgendaAddress["ask"]) : null,
    at: Number.isNaN(start) || practitionerId === null ? null : { start, practitionerId },
    of: idIn(params.get("of")),
    service: idIn(params.get("service")),
    minutes: Number.isInteger(minutes) && minutes >= 5 && minutes <= 720 ? minutes : null,
    moveFrom: params.get("moveFrom") === null ? null : dateFrom(params.get("moveFrom"), today),
    moveDay: params.get("moveDay") === null ? null : dateFrom(params.get("moveDay"), today),
    moveWho: moveWho === "any" ? "any" : idIn(moveWho),
  };
}

/** Everything that is open beside the grid; a link that leads elsewhere takes it away. */
export const nothingOpen = {
  booking: null,
  ask: null,
  at: null,
  with: null,
  of: null,
  service: null,
  minutes: null,
  moveFrom: null,
  moveDay: null,
  moveWho: null,
} as const;

export type Changes = Record<string, string | null>;

/** The same page with some of its parameters changed; null takes one away. */
export function withParams(params: URLSearchParams, changes: Changes): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  // Of a form without JavaScript: what was asked of the page, not what it shows.
  next.delete("index");
  const text = next.toString();
  return text === "" ? "/portal/agenda" : `/portal/agenda?${text}`;
}

/** The Monday of a date's week. */
export const mondayOf = (date: string): string => addDays(date, 1 - (new Date(`${date}T00:00:00Z`).getUTCDay() || 7));
