import { feasibleStarts } from "./feasible.ts";
import { findTimes } from "./find-times.ts";
import { at } from "./intervals.ts";
import { MINUTE_MS } from "../time/calendar.ts";
import { openingsOf, settingOf } from "./setting.ts";
import type { Question, Span } from "./types.ts";

/** A start with every length that fits there. */
export type LengthOffer = { start: number; lengths: { minutes: number; resources: readonly string[] }[] };

/** For a service with a choice of durations: which starts there are, and which lengths each can have. */
export function findLengths(question: Question, window: Span, lengths: readonly number[]): LengthOffer[] {
  const byStart = new Map<number, LengthOffer>();
  for (const minutes of [...lengths].sort((a, b) => a - b)) {
    const service = { ...question.service, minutes };
    for (const { start, resources } of findTimes({ ...question, service }, window)) {
      const offer = byStart.get(start) ?? { start, lengths: [] };
      offer.lengths.push({ minutes, resources });
      byStart.set(start, offer);
    }
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** A stretch in which a resource is there and nothing occupies it. */
export type FreeWindow = Span & { resource: string };

/** Free stretches of each resource in the window: hours less leave, closures and busy time with its own buffers. */
export function freeWindows(question: Question, window: Span): FreeWindow[] {
  const from = Math.ceil(window.from / MINUTE_MS);
  const to = Math.floor(window.to / MINUTE_MS);
  if (from >= to) return [];
  const setting = settingOf(question, from, to);
  // a minute is free exactly when a visit of one minute without buffers could start on it
  const minute = { minutes: 1, bufferBefore: 0, bufferAfter: 0, shareBuffers: false, join: null };
  return question.resources.flatMap((resource) => {
    const { free } = feasibleStarts(openingsOf(setting, resource), resource, question.closures ?? [], minute);
    const windows: FreeWindow[] = [];
    for (let i = 0; i < free.length; i += 2) {
      const begin = Math.max(from, at(free, i));
      const end = Math.min(to, at(free, i + 1));
      if (begin < end) windows.push({ resource: resource.id, from: begin * MINUTE_MS, to: end * MINUTE_MS });
    }
    return windows;
  });
}
