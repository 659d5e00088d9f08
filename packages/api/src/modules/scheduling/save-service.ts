import { createHash } from "node:crypto";
import { addDays, dayOf } from "@pulsecal/core";
import { newId, type TenantTx } from "@pulsecal/db";
import { inTenant, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { writeOnceFor } from "./keyed-write.ts";
import { inOneFlight } from "./resource-lock.ts";
import type { Service, ServiceSaveInput } from "./service.schema.ts";
import {
  findPractitioners,
  findServices,
  knownResources,
  putNeedsOf,
  putPractitionersOf,
  putService,
  type StoredService,
} from "./services.repo.ts";

/** A clinic's menu has an end. */
const mostServices = 200;
/** What one visit takes besides its practitioner: the event of a move names all of it, twice. */
const mostNeeded = 30;

/** How far ahead a range of dates may end: two years, and a day for zones that are ahead. */
const furthestDays = 732;

/** What a new service has where nothing is said. */
const usual = {
  otherMinutes: [],
  alignment: "clock",
  alignmentOffset: 0,
  horizonKind: "days",
  horizonFrom: null,
  horizonUntil: null,
  seats: 1,
  dayCount: null,
  dayMinutes: null,
  weekCount: null,
  weekMinutes: null,
  needsApproval: false,
  needs: [],
} satisfies Partial<StoredService>;

/** The clinic's services, each with the version to save it under. */
export async function listServices(work: Work): Promise<Service[]> {
  return (await inTenant(work, (db) => findServices(db, work.clinicId))).map(withVersion);
}

/**
 * Makes a service, or changes one, and says who gives it and what it takes besides. What is not sent stays as it is. Who
 * saves queues for the service, so that two who change different parts both keep theirs.
 */
export async function saveService(work: Work, input: ServiceSaveInput): Promise<Service> {
  const { clinicId } = work;
  const { key: _, version, id, practitionerIds, needs, ...sent } = input;
  const lock = id === undefined ? [] : [id];
  const { serviceId } = await writeOnceFor(work, "services.save", { input, lock }, async (tx) => {
    const before = id === undefined ? null : await current(tx, clinicId, { id, version });
    if (!before) await checkOneMoreFits(tx, clinicId);
    const rules = checkRange({ ...usual, ...before, ...given(sent) });
    await checkNames(tx, clinicId, { practitionerIds, needs: needs ?? [] });
    const saved = { ...rules, otherMinutes: lengths(rules), id: id ?? newId() };
    await putService(tx, clinicId, saved);
    await putPractitionersOf(tx, clinicId, saved.id, practitionerIds);
    if (needs !== undefined) await putNeedsOf(tx, clinicId, saved.id, needs);
    await announce(tx, { clinicId, type: "service.changed", payload: { serviceId: saved.id } });
    await audit(tx, work, {
      action: id ? "service.changed" : "service.created",
      entity: "service",
      entityId: saved.id,
      detail: {
        minutes: saved.minutes,
        active: saved.active,
        seats: saved.seats,
        needs: (needs ?? before?.needs ?? []).length,
      },
    });
    return { serviceId: saved.id };
  });
  const [saved] = await inTenant(work, (db) => findServices(db, clinicId, serviceId));
  if (!saved) throw refuse("not_found");
  return withVersion(saved);
}

/** The service as it stands, if it is still the one that was read. */
async function current(
  tx: TenantTx,
  clinicId: string,
  { id, version }: { id: string; version: string | undefined },
): Promise<StoredService> {
  const [before] = await findServices(tx, clinicId, id);
  if (!before) throw refuse("not_found");
  if (version !== undefined && withVersion(before).version !== version) throw refuse("changed_meanwhile");
  return before;
}

async function checkOneMoreFits(tx: TenantTx, clinicId: string): Promise<void> {
  if ((await findServices(tx, clinicId)).length < mostServices) return;
  throw refuse("invalid", { fields: [{ path: "name", issue: "too many services" }] });
}

/** What was sent; a field that is there without a value was not. */
function given<T extends object>(sent: T): T {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as T;
}

/** Going by two dates needs both, in their order and in sight; one of them may have been there before. */
function checkRange<T extends Pick<StoredService, "horizonKind" | "horizonFrom" | "horizonUntil">>(rules: T): T {
  const { horizonKind, horizonFrom, horizonUntil } = rules;
  if (horizonKind !== "range") return rules;
  if (horizonFrom === null || horizonUntil === null || horizonUntil < horizonFrom)
    throw refuse("invalid", { fields: [{ path: "horizonUntil", issue: "choose the first and the last day" }] });
  if (horizonUntil > addDays(dayOf(Date.now(), "UTC"), furthestDays))
    throw refuse("invalid", { fields: [{ path: "horizonUntil", issue: "choose a day within two years" }] });
  return rules;
}

type Names = { practitionerIds: readonly string[]; needs: NonNullable<ServiceSaveInput["needs"]> };

/** Everyone and everything named is the clinic's own, and a need has enough to choose from. */
async function checkNames(tx: TenantTx, clinicId: string, { practitionerIds, needs }: Names): Promise<void> {
  const needed = needs.flatMap((need) => need.of);
  const [people, resources] = await inOneFlight([
    findPractitioners(tx, clinicId),
    knownResources(tx, clinicId, needed),
  ]);
  const known = new Set(people.map((person) => person.id));
  if (!practitionerIds.every((id) => known.has(id))) throw refuse("not_found");
  if (!needed.every((id) => resources.has(id))) throw refuse("not_found");
  if (needs.reduce((sum, { count }) => sum + count, 0) > mostNeeded)
    throw refuse("invalid", { fields: [{ path: "needs", issue: "too many for one visit" }] });
  const short = needs.findIndex(({ count, of }) => new Set(of).size < Math.max(count, of.length));
  if (short >= 0)
    throw refuse("invalid", { fields: [{ path: `needs.${short}.of`, issue: "too few, or one of them twice" }] });
}

/** The other lengths in order, each once and without the service's own. */
function lengths({ minutes, otherMinutes }: { minutes: number; otherMinutes: number[] }): number[] {
  return [...new Set(otherMinutes)].filter((other) => other !== minutes).sort((a, b) => a - b);
}

/** Of what was read by `findServices`, so its fields stand in one order. The id of a need is a new one at each save. */
function withVersion(service: StoredService): Service {
  const said = JSON.stringify({ ...service, needs: service.needs.map((need) => ({ ...need, id: null })) });
  return { ...service, version: createHash("sha256").update(said).digest("base64url").slice(0, 22) };
}
