import { type Block, blockText, dayOf, explain } from "@pulsecal/core";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import type { Availability } from "./availability.ts";
import { isBookingOf, type LoadedQuestion, loadQuestion, type Wanted } from "./question.ts";
import type { Reads } from "./availability.repo.ts";
import { inOneFlight } from "./resource-lock.ts";
import { nextTimes } from "./search-times.ts";
import { type OfferedTime, offeredTimes } from "./times.ts";
import type { Explained, ExplainInput } from "./times.schema.ts";

/** How far the first free time is looked for with the same practitioner before anyone will do. */
const reachMs = 7 * 24 * 60 * 60_000;

/** Every rule that blocks a time, in words, and the next time that is free. */
export async function explainTime(work: Work, input: ExplainInput): Promise<Explained> {
  const start = input.start.getTime();
  const wanted = wantedOf(input);
  const asked = { clinicId: work.clinicId, serviceId: input.serviceId, who: input.practitionerId, ...wanted };
  return inTenant(work, async (db) => {
    const window = { from: start, to: start + reachMs };
    const [loaded, known] = await inOneFlight([
      loadQuestion(db, { ...asked, window }),
      isBookingOf(db, work.clinicId, input.bookingId),
    ]);
    if (!loaded || !known) throw refuse("not_found");
    const blocks = explain(loaded.question, start);
    const free = await firstFree(db, work.clinicId, loaded, { start, wanted });
    return {
      offered: blocks.length === 0,
      blocks: blocks.map((block) => inWords(loaded.availability, block)),
      firstFree: free && { ...free, start: new Date(free.start) },
    };
  });
}

/** Who moves a booking is bound by neither notice, horizon nor grid; who asks about a new one sees what patients meet. */
function wantedOf({ minutes, bookingId }: ExplainInput): Wanted {
  if (bookingId === undefined) return { minutes };
  return { minutes, without: bookingId, standing: true, unbound: true, anyMinute: true };
}

async function firstFree(
  db: Reads,
  clinicId: string,
  { availability: a, service }: LoadedQuestion,
  { start, wanted }: { start: number; wanted: Wanted },
): Promise<OfferedTime | null> {
  const onGrid: Wanted = { ...wanted, anyMinute: false };
  const [same] = offeredTimes(a, service, { from: start, to: start + reachMs }, onGrid);
  if (same) return same;
  const from = dayOf(Math.max(start, a.now), a.clinic.zone);
  const q = { clinicId, zone: a.clinic.zone, serviceId: service.id, practitionerId: null, from };
  const others = await nextTimes(db, { ...q, ...onGrid });
  return others.find((time) => time.start >= start) ?? null;
}

function inWords(a: Availability, block: Block): Explained["blocks"][number] {
  const { why, resource, from, to } = block;
  const nameOf = (id: string) => [...a.practitioners, ...a.resources].find((one) => one.id === id)?.name ?? "";
  return {
    why,
    text: blockText(block, a.clinic.zone, nameOf),
    ...(resource !== undefined && { resourceId: resource }),
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  };
}
