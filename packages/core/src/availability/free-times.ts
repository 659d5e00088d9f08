import { explain } from "./explain.ts";
import { findStarts } from "./find-times.ts";
import type { BlockReason, Question, Rules, ServiceRule, Span } from "./types.ts";

/** One practitioner and one service: what most questions are. Blocked ranges in `busy` hold their buffers already. */
export type SimpleQuestion = {
  zone: string;
  now: number;
  service: ServiceRule;
  rules: Rules;
  busy: Span[];
  leave: Span[];
};

function questionOf(simple: SimpleQuestion): Question {
  const { service } = simple;
  return {
    zone: simple.zone,
    now: simple.now,
    service: {
      minutes: service.minutes,
      bufferBefore: service.bufferBefore,
      bufferAfter: service.bufferAfter,
      intervalMinutes: service.intervalMinutes,
      noticeMinutes: service.noticeMinutes,
      horizon: { days: service.horizonDays },
    },
    resources: [{ id: "", rules: simple.rules, busy: simple.busy, leave: simple.leave }],
  };
}

/** The start instants (epoch milliseconds, ascending) in [window.from, window.to) that can be booked. */
export function freeTimes(question: SimpleQuestion & { window: Span }): number[] {
  return findStarts(questionOf(question), question.window);
}

/** Whether one start can be booked, and if not, every rule that blocks it. Agrees with freeTimes for every start. */
export function checkTime(question: SimpleQuestion, start: number): { ok: true } | { ok: false; why: BlockReason[] } {
  const blocks = explain(questionOf(question), start);
  if (blocks.length === 0) return { ok: true };
  return { ok: false, why: [...new Set(blocks.map((b) => b.why))] };
}
