import type { ServiceShape } from "../place.ts";

/** A clinic in memory, as simple as it can be said: what the product must agree with, one request after the other. */
export type Visit = {
  token: string;
  doctor: number;
  service: number;
  /** minutes from the first day's midnight */
  start: number;
  /** `lapsed`: a hold whose time is over, whoever has noticed */
  state: "held" | "lapsed" | "confirmed" | "cancelled" | "expired";
  presses: number;
  key: string;
};

export type Model = {
  services: readonly ServiceShape[];
  doctors: number;
  hours: { from: number; to: number };
  visits: Visit[];
};

const dayMinutes = 24 * 60;
const mostPresses = 10;

/** Whether the visit keeps its time. */
export const stands = (visit: Visit): boolean => visit.state === "held" || visit.state === "confirmed";

function blockOf({ services }: Model, service: number, start: number): { from: number; to: number } {
  const { minutes = 0, bufferBefore = 0, bufferAfter = 0 } = services[service] ?? {};
  return { from: start - bufferBefore, to: start + minutes + bufferAfter };
}

/** Whether nobody but `but` has any of the time a visit would block. */
export function isFree(m: Model, doctor: number, service: number, start: number, but?: Visit): boolean {
  const block = blockOf(m, service, start);
  return !m.visits.some((visit) => {
    if (visit === but || visit.doctor !== doctor || !stands(visit)) return false;
    const other = blockOf(m, visit.service, visit.start);
    return other.from < block.to && block.from < other.to;
  });
}

/** Whether the clinic's hours and grid have such a start at all. */
export function isOnGrid({ services, hours }: Model, service: number, start: number): boolean {
  const { minutes = 0, intervalMinutes = minutes } = services[service] ?? {};
  const minute = start % dayMinutes;
  return minute % intervalMinutes === 0 && minute >= hours.from && minute + minutes <= hours.to;
}

/** The starts a page of one day has to offer. */
export function offered(m: Model, doctor: number, service: number, day: number): number[] {
  const all = Array.from({ length: dayMinutes }, (_, minute) => day * dayMinutes + minute);
  return all.filter((start) => isOnGrid(m, service, start) && isFree(m, doctor, service, start));
}

/** The doctors who could take it. */
export function whoCan(m: Model, service: number, start: number): number[] {
  if (!isOnGrid(m, service, start)) return [];
  return Array.from({ length: m.doctors }, (_, doctor) => doctor).filter((doctor) => isFree(m, doctor, service, start));
}

/** Each change says how it has to be answered, and makes it so. */
export const change = {
  confirm(visit: Visit): string {
    if (visit.state === "confirmed") return "conflict";
    if (visit.state !== "held") return "hold_expired";
    visit.state = "confirmed";
    return "ok";
  },
  cancel(visit: Visit): string {
    // Whoever's hold lapsed a moment ago may still give it back.
    if (visit.state === "cancelled" || visit.state === "expired") return "not_cancellable";
    visit.state = "cancelled";
    return "ok";
  },
  release(visit: Visit): "released" | "nothing" {
    if (visit.state !== "held" && visit.state !== "lapsed") return "nothing";
    visit.state = "expired";
    return "released";
  },
  move(m: Model, visit: Visit, doctor: number, start: number): string {
    if (!stands(visit)) return "not_movable";
    if (visit.doctor === doctor && visit.start === start) return "same_time";
    if (!isOnGrid(m, visit.service, start) || !isFree(m, doctor, visit.service, start, visit)) return "slot_taken";
    visit.doctor = doctor;
    visit.start = start;
    return "ok";
  },
  extend(visit: Visit): string {
    if (visit.state !== "held") return "hold_expired";
    if (visit.presses >= mostPresses) return "hold_limit";
    visit.presses += 1;
    return "ok";
  },
};
