import { type BlockReason, explain } from "@pulsecal/core";
import type { TenantTx } from "@pulsecal/db";
import {
  type Assignment,
  assignmentAt,
  type LoadedQuestion,
  loadQuestion,
  questionOf,
  type Wanted,
} from "../../scheduling/index.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { ChangedMeanwhile, NotOffered, SlotTaken } from "../slot-taken.ts";

export type WantedVisit = Wanted & {
  serviceId: string;
  who: string;
  start: number;
  /** what the caller queued for: a resource that came to the service since then is not given away unguarded */
  queuedFor: readonly string[];
};

export type Decided = LoadedQuestion & { assignment: Assignment };

/** Reasons that somebody else's booking gives: the time was offered until they came. */
const others: readonly BlockReason[] = ["busy", "seats", "day_limit", "week_limit", "not_enough"];
/** Reasons that would hold whoever came. */
const rules: readonly BlockReason[] = ["past", "notice", "horizon", "off_grid", "holiday"];

/**
 * Who and what takes a time, by every rule there is, on what stands under the locks of the caller. The same engine
 * that offered the time says so, so page and booking agree.
 * @throws SlotTaken when somebody else is in the way, NotOffered when the rules are, ChangedMeanwhile when the service
 * takes what was not queued for; the refusal `not_found` when the clinic does not give the service
 */
export async function decideVisit(tx: TenantTx, clinicId: string, wanted: WantedVisit): Promise<Decided> {
  const { start } = wanted;
  const loaded = await loadQuestion(tx, { clinicId, ...wanted, window: { from: start, to: start + 1 } });
  if (!loaded) throw refuse("not_found");
  const { availability, service } = loaded;
  const assignment = assignmentAt(availability, service, start, wanted);
  if (assignment) {
    if (!assignment.resources.every(({ id }) => wanted.queuedFor.includes(id))) throw new ChangedMeanwhile();
    return { ...loaded, assignment };
  }
  const why = new Set(explain(questionOf(availability, service, wanted.who, wanted), start).map((block) => block.why));
  const taken = others.some((reason) => why.has(reason)) && !rules.some((reason) => why.has(reason));
  throw taken ? new SlotTaken() : new NotOffered([...why]);
}
