import { blockText } from "../availability/block-text.ts";
import { findLengths, freeWindows } from "../availability/durations.ts";
import { explain } from "../availability/explain.ts";
import { findFamilyTimes } from "../availability/family.ts";
import { findTimes } from "../availability/find-times.ts";
import { evaluateSeries, type OccurrenceResult } from "../availability/series.ts";
import type { Block, Offer, Question, Span } from "../availability/types.ts";
import { MINUTE_MS } from "../time/calendar.ts";
import { wallMinutes } from "../time/days.ts";
import { type Ask, readCase } from "./case.ts";
import { CaseError } from "./read.ts";

export type CaseAnswer = { ok: true; output: unknown } | { ok: false; field: string; message: string };

/** Largest case read, characters: a month of a large clinic is a tenth of it. */
const MAX_TEXT = 10_000_000;

/** Runs the engine on the text of a JSON case. */
export function runCaseText(text: string): CaseAnswer {
  if (text.length > MAX_TEXT) return { ok: false, field: "(input)", message: `is longer than ${MAX_TEXT} characters` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      field: "(input)",
      message: `is not JSON: ${error instanceof Error ? error.message : "unreadable"}`,
    };
  }
  return runCase(json);
}

/** Runs the engine on a plain case. Input and output are described in packages/core/README.md. */
export function runCase(json: unknown): CaseAnswer {
  try {
    const { question, window, ask } = readCase(json);
    return { ok: true, output: answer(question, window ?? { from: 0, to: 0 }, ask) };
  } catch (error) {
    if (error instanceof CaseError) return { ok: false, field: error.field || "(input)", message: error.message };
    // the engine's own bounds, for what only shows once parts are put together
    if (error instanceof RangeError) return { ok: false, field: "(input)", message: error.message };
    throw error;
  }
}

/** An instant on the clinic's clock with its offset: "2026-11-24T10:00:00+02:00". */
function iso(instant: number, zone: string): string {
  const wall = wallMinutes(instant, zone);
  const offset = wall - Math.floor(instant / MINUTE_MS);
  const two = (n: number) => String(n).padStart(2, "0");
  const local = new Date(instant + offset * MINUTE_MS).toISOString().slice(0, 19);
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function answer(question: Question, window: Span, ask: Ask): unknown {
  const { zone } = question;
  switch (ask.kind) {
    case "times":
      return ask.lengths ? lengths(question, window, ask.lengths) : times(question, window);
    case "windows": {
      const windows = freeWindows(question, window);
      return {
        zone,
        windows: windows.map((w) => ({ resource: w.resource, from: iso(w.from, zone), to: iso(w.to, zone) })),
      };
    }
    case "explain":
      return { zone, explanations: ask.at.map((at) => explanation(question, at)) };
    case "series": {
      const verdict = evaluateSeries(
        question,
        ask.dates.map((date) => ({ date, minute: ask.minute })),
      );
      return { zone, ok: verdict.ok, dates: verdict.results.map((r) => occurrence(r, zone)) };
    }
    case "family": {
      const offers = findFamilyTimes(question, window, ask);
      const visits = offers.map((o) => o.visits.map((v) => ({ ...v, start: iso(v.start, zone) })));
      return { zone, count: visits.length, sets: visits };
    }
  }
}

function times(question: Question, window: Span): unknown {
  const { zone } = question;
  const offers = findTimes(question, window);
  const list = offers.map((o) => iso(o.start, zone));
  // who comes with each time, where there is someone to choose
  const choice = question.resources.length > 1 || question.needs !== undefined;
  return { zone, count: list.length, times: list, ...(choice ? { offers: offers.map((o) => offerOf(o, zone)) } : {}) };
}

function lengths(question: Question, window: Span, minutes: readonly number[]): unknown {
  const { zone } = question;
  const found = findLengths(question, window, minutes);
  const offers = found.map((o) => ({ start: iso(o.start, zone), lengths: o.lengths }));
  return { zone, count: found.length, times: offers.map((o) => o.start), offers };
}

const offerOf = (offer: Offer, zone: string) => ({ start: iso(offer.start, zone), resources: offer.resources });

function blockOf(block: Block, zone: string): unknown {
  return {
    why: block.why,
    ...(block.resource === undefined ? {} : { resource: block.resource }),
    ...(block.from === undefined ? {} : { from: iso(block.from, zone) }),
    ...(block.to === undefined ? {} : { to: iso(block.to, zone) }),
    text: blockText(block, zone),
  };
}

function explanation(question: Question, at: number): unknown {
  const blocks = explain(question, at);
  return {
    at: iso(at, question.zone),
    offered: blocks.length === 0,
    blocks: blocks.map((b) => blockOf(b, question.zone)),
  };
}

function occurrence(r: OccurrenceResult, zone: string): unknown {
  if (r.result === "free") return { ...r, start: iso(r.start, zone) };
  const alternatives = r.alternatives.map((o) => offerOf(o, zone));
  if (r.result === "no_such_time") return { ...r, alternatives };
  return { ...r, start: iso(r.start, zone), why: r.why.map((b) => blockOf(b, zone)), alternatives };
}
