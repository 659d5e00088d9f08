import { type Block, dayOf, decideSqueezeIn, explain, findTimes, type Question, type SqueezeIn } from "@pulsecal/core";
import { newId } from "@pulsecal/db";
import { inTenant, type Work } from "../../../infra/in-tx.ts";
import { refuse } from "../../../trpc/error-map.ts";
import { hashInput, type LoadedQuestion, loadQuestion, occupiedBy, spanOfDays } from "../../scheduling/index.ts";
import type { SqueezeInInput } from "../booking.schema.ts";
import { candidateResources } from "../take/candidates.repo.ts";
import { takeSeats } from "../sets/take-seats.ts";
import { orAlternatives } from "../take/lost-time.ts";
import { inBookingTx, untilUnchanged } from "../in-booking-tx.ts";
import { ChangedMeanwhile } from "../slot-taken.ts";
import { squeezedIn } from "./squeeze.repo.ts";
import type { Visit, VisitResource } from "../take/visit.ts";
import { guestOf } from "../take/wish.ts";
import { writeVisits } from "../take/write-visits.ts";

/**
 * Books although rules stand in the way: by permission, with a reason that is kept under the patient's key, and where it
 * overlaps somebody, up to the clinic's cap for the practitioner's day. The cap is counted under the lock. Rooms and
 * devices that are free are taken; only what overlaps leaves the constraint, and the database asks who said so. Where a
 * group session has a seat, or may begin, somebody who only overrules a rule takes a seat like everybody.
 * @throws refusals not_blocked, in_the_past, cap_reached, invalid (no reason), not_found; slot_taken with alternatives
 */
export function squeezeIn(work: Work, input: SqueezeInInput): Promise<{ bookingId: string }> {
  const { serviceId, practitionerId: who, start, minutes } = input;
  const missed = { serviceId, who, start: start.getTime(), minutes, unbound: true };
  return orAlternatives(work, missed, () => untilUnchanged(() => squeezeOnce(work, input)));
}

async function squeezeOnce(work: Work, input: SqueezeInInput): Promise<{ bookingId: string }> {
  const { serviceId, practitionerId: who, minutes } = input;
  const start = input.start.getTime();
  const key = { key: input.key, inputHash: hashInput(work.s.env.secret, "booking.squeeze_in", input) };
  const resourceIds = await inTenant(work, (db) => candidateResources(db, work.clinicId, { serviceId, who }));
  if (!resourceIds.includes(who)) throw refuse("not_found");
  return inBookingTx(work, { resourceIds, key }, async (tx, now) => {
    const window = { from: start, to: start + 1 };
    const loaded = await loadQuestion(tx, { clinicId: work.clinicId, serviceId, who, minutes, window });
    if (!loaded) throw refuse("not_found");
    const day = spanOfDays(dayOf(start, loaded.question.zone), 1, loaded.question.zone);
    const { taken, cap } = await squeezedIn(tx, work.clinicId, who, day);
    const blocks = explain(loaded.question, start);
    const asked = { permitted: true, reason: input.reason, blocks };
    const verdict = decideSqueezeIn({ ...asked, squeezedThatDay: taken, capPerDay: cap });
    if (!verdict.ok) throw refusalOf(verdict);
    const resources = resourcesFor(loaded, start, blocks, { who, minutes });
    if (!resources.every(({ id }) => resourceIds.includes(id))) throw new ChangedMeanwhile();
    const length = minutes ?? loaded.service.minutes;
    const seats = { service: loaded.service, practitionerId: who, start, minutes: length, resources, wanted: 1 };
    const seated = loaded.service.seats > 1 && !verdict.squeezeIn;
    const [seat] = seated ? await takeSeats(tx, work, seats) : [];
    const visit: Visit = {
      bookingId: newId(),
      serviceId,
      practitionerId: who,
      start,
      minutes: length,
      resources,
      seat,
      state: "confirmed",
      holdExpiresAt: null,
      bookedBy: "staff",
      patient: { new: guestOf(input) },
      squeeze: { reason: input.reason, by: work.actor },
    };
    await writeVisits(tx, work, [visit], now);
    return { bookingId: visit.bookingId };
  });
}

function refusalOf(verdict: Extract<SqueezeIn, { ok: false }>) {
  if (verdict.why === "not_permitted") return refuse("forbidden");
  if (verdict.why === "reason_needed") return refuse("invalid", { fields: [{ path: "reason", issue: "too_small" }] });
  return refuse(verdict.why);
}

/** What the visit occupies: the practitioner as they are, free rooms and devices where there are some, else the first. */
function resourcesFor(
  { question, service }: LoadedQuestion,
  start: number,
  blocks: readonly Block[],
  { who, minutes = service.minutes }: { who: string; minutes: number | undefined },
): VisitResource[] {
  const busy = new Set(blocks.flatMap((block) => (taken.has(block.why) && block.resource ? [block.resource] : [])));
  const [offer] = findTimes(besides(question, who), { from: start, to: start + 1 });
  const first = service.needs.flatMap((need) => need.of.slice(0, need.count));
  const ids = offer?.resources ?? [...new Set([who, ...first])];
  // Those the engine offers are free but for the practitioner, whom it was not asked about.
  const over = (id: string) => busy.has(id) && (id === who || offer === undefined);
  return occupiedBy(service, ids, minutes).map((resource) => ({ ...resource, over: over(resource.id) }));
}

const taken: ReadonlySet<string> = new Set(["busy", "seats"]);

/** The question of what the visit takes besides: the practitioner's own time and the clinic's rules are set aside. */
function besides(question: Question, who: string): Question {
  const { id, minutes, bufferBefore = 0, bufferAfter = 0 } = question.service;
  return {
    ...question,
    service: { ...(id !== undefined && { id }), minutes, bufferBefore, bufferAfter, intervalMinutes: 1 },
    resources: question.resources.map((resource) =>
      resource.id === who ? { id: who, rules: null, busy: [], leave: [] } : resource,
    ),
    closures: [],
    holidays: [],
  };
}
