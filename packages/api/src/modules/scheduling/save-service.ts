import { newId, type TenantTx } from "@pulsecal/db";
import { inTx, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { inOneFlight } from "./resource-lock.ts";
import type { Service, ServiceSaveInput } from "./service.schema.ts";
import {
  findPractitioners,
  findServices,
  knownResources,
  putNeedsOf,
  putPractitionersOf,
  putService,
} from "./services.repo.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "./stored-answers.ts";

/** A clinic's menu has an end. */
const mostServices = 200;

/** Makes a service, or changes one, and says who gives it and what it takes besides. */
export function saveService(work: Work, input: ServiceSaveInput): Promise<Service> {
  const { key, id, practitionerIds, needs, ...fields } = input;
  const inputHash = hashInput(work.s.env.secret, "services.save", input);
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const { clinicId } = work;
      const [stored, services] = await inOneFlight([
        findAnswer<{ serviceId: string }>(tx, clinicId, key),
        findServices(tx, clinicId),
      ]);
      const before = replay(stored, inputHash);
      if (before) return found(services.find((service) => service.id === before.serviceId));
      if (id !== undefined) found(services.find((service) => service.id === id));
      else if (services.length >= mostServices)
        throw refuse("invalid", { fields: [{ path: "name", issue: "too many services" }] });
      await checkNames(tx, clinicId, input);
      const serviceId = id ?? newId();
      await putService(tx, clinicId, { ...fields, otherMinutes: lengths(fields), id: serviceId });
      await putPractitionersOf(tx, clinicId, serviceId, practitionerIds);
      await putNeedsOf(tx, clinicId, serviceId, needs);
      await announce(tx, { clinicId, type: "service.changed", payload: { serviceId } });
      await audit(tx, work, {
        action: id ? "service.changed" : "service.created",
        entity: "service",
        entityId: serviceId,
        detail: { minutes: fields.minutes, active: fields.active, seats: fields.seats, needs: needs.length },
      });
      await storeAnswer(tx, clinicId, { key, inputHash, answer: { serviceId } });
      return found((await findServices(tx, clinicId, serviceId))[0]);
    }),
  );
}

/** Everyone and everything named is the clinic's own, and a need has enough to choose from. */
async function checkNames(tx: TenantTx, clinicId: string, { practitionerIds, needs }: ServiceSaveInput): Promise<void> {
  const needed = needs.flatMap((need) => need.of);
  const [people, resources] = await inOneFlight([
    findPractitioners(tx, clinicId),
    knownResources(tx, clinicId, needed),
  ]);
  const known = new Set(people.map((person) => person.id));
  if (!practitionerIds.every((id) => known.has(id))) throw refuse("not_found");
  if (!needed.every((id) => resources.has(id))) throw refuse("not_found");
  const short = needs.findIndex(({ count, of }) => new Set(of).size < Math.max(count, of.length));
  if (short >= 0)
    throw refuse("invalid", { fields: [{ path: `needs.${short}.of`, issue: "too few, or one of them twice" }] });
}

/** The other lengths in order, each once and without the service's own. */
function lengths({ minutes, otherMinutes }: { minutes: number; otherMinutes: number[] }): number[] {
  return [...new Set(otherMinutes)].filter((other) => other !== minutes).sort((a, b) => a - b);
}

function found(service: Service | undefined): Service {
  if (!service) throw refuse("not_found");
  return service;
}
