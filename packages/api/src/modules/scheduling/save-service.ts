import { newId } from "@pulsecal/db";
import { inTx, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { inOneFlight } from "./resource-lock.ts";
import type { Service, ServiceSaveInput } from "./scheduling.schema.ts";
import { findPractitioners, findServices, putPractitionersOf, putService } from "./services.repo.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "./stored-answers.ts";

/** A clinic's menu has an end. */
const mostServices = 200;

/** Makes a service, or changes one, and says who gives it. */
export function saveService(work: Work, input: ServiceSaveInput): Promise<Service> {
  const { key, id, ...fields } = input;
  const inputHash = hashInput(work.s.env.secret, "services.save", input);
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const { clinicId } = work;
      const [stored, services, people] = await inOneFlight([
        findAnswer<{ serviceId: string }>(tx, clinicId, key),
        findServices(tx, clinicId),
        findPractitioners(tx, clinicId),
      ]);
      const before = replay(stored, inputHash);
      if (before) return found(services.find((service) => service.id === before.serviceId));
      if (id !== undefined) found(services.find((service) => service.id === id));
      else if (services.length >= mostServices)
        throw refuse("invalid", { fields: [{ path: "name", issue: "too many services" }] });
      const known = new Set(people.map((person) => person.id));
      if (!fields.practitionerIds.every((practitionerId) => known.has(practitionerId))) throw refuse("not_found");
      const serviceId = id ?? newId();
      await putService(tx, clinicId, { ...fields, id: serviceId });
      await putPractitionersOf(tx, clinicId, serviceId, fields.practitionerIds);
      await announce(tx, { clinicId, type: "service.changed", payload: { serviceId } });
      await audit(tx, work, {
        action: id ? "service.changed" : "service.created",
        entity: "service",
        entityId: serviceId,
        detail: { minutes: fields.minutes, active: fields.active },
      });
      await storeAnswer(tx, clinicId, { key, inputHash, answer: { serviceId } });
      return found((await findServices(tx, clinicId, serviceId))[0]);
    }),
  );
}

function found(service: Service | undefined): Service {
  if (!service) throw refuse("not_found");
  return service;
}
