import { addDays } from "@pulsecal/core";
import { newId, type TenantDb } from "@pulsecal/db";
import { type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTenant } from "../../infra/in-tx.ts";
import { closeServices, type Services } from "../../infra/services.ts";
import { testServices } from "../../testing/test-services.ts";
import { loadAvailability } from "./availability.repo.ts";
import { withRememberedRules } from "./remembered-rules.ts";
import { type RulesClinic, rulesClinic } from "./testing/rules-world.ts";
import { offeredTimes, spanOfDays } from "./times.ts";

let t: TestDatabase;
let s: Services;
beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
});
afterAll(async () => {
  await closeServices(s);
  await t.close();
});

const zone = "Africa/Johannesburg";
const workOf = ({ clinicId }: RulesClinic) => ({ s, clinicId, actor: "guest" });

/** The times of a week by rules remembered and by everything read anew, and how many reads the first took. */
async function bothWays(clinic: RulesClinic, who: string | null) {
  const { clinicId, serviceId, monday } = clinic;
  const window = spanOfDays(monday, 7, zone);
  const q = { clinicId, serviceId, practitionerId: who, window };
  let reads = 0;
  const found = await inTenant(workOf(clinic), async (db) => {
    const counting = {
      $queryRaw: ((...args: Parameters<TenantDb["$queryRaw"]>) => {
        reads += 1;
        return db.$queryRaw(...args);
      }) as TenantDb["$queryRaw"],
    };
    return {
      remembered: await withRememberedRules(workOf(clinic))(counting, q),
      anew: await loadAvailability(db, q),
    };
  });
  const timesOf = (a: typeof found.anew) => (a?.services[0] ? offeredTimes(a, a.services[0], window) : []);
  return { remembered: timesOf(found.remembered), anew: timesOf(found.anew), reads, a: found };
}

describe("rules that are remembered", () => {
  test("give the same times as everything read anew, by one short read", async () => {
    const clinic = await rulesClinic(t, { bufferAfter: 10 });
    const room = await clinic.resource("room", "Room 1");
    await clinic.need([room]);
    await clinic.service({ alignment: "packed" });
    await clinic.book(clinic.monday, "08:40", { after: 10 });
    await clinic.book(addDays(clinic.monday, 1), "09:15", { resources: [room], minutes: 45 });
    for (const who of [clinic.practitionerId, null]) {
      const first = await bothWays(clinic, who);
      expect(first.remembered).toEqual(first.anew);
      expect(first.remembered.length).toBeGreaterThan(30);
      await clinic.book(addDays(clinic.monday, 2), who ? "08:00" : "10:00", { after: 10 });
      const second = await bothWays(clinic, who);
      expect(second.remembered).toEqual(second.anew);
      expect(second.remembered.length).toBeLessThan(first.remembered.length);
      expect(second.reads).toBe(1);
      expect(second.a.remembered?.clinic).toEqual(second.a.anew?.clinic);
    }
  });

  const changes: Record<string, string> = {
    hours: "DELETE FROM app.opening_hours WHERE clinic_id = $1 AND weekday IN (1, 2)",
    "a closure": `INSERT INTO app.closure (clinic_id, id, starts_at, ends_at, label)
      VALUES ($1, $1, now(), now() + interval '30 days', 'Away')`,
    leave: `INSERT INTO app.leave (clinic_id, id, resource_id, starts_at, ends_at)
      SELECT clinic_id, gen_random_uuid(), id, now(), now() + interval '30 days' FROM app.practitioner WHERE clinic_id = $1`,
    "a service's length": "UPDATE app.service SET minutes = 60 WHERE clinic_id = $1",
    "a limit": "UPDATE app.service SET day_count = 0 WHERE clinic_id = $1",
    "a practitioner who left": "UPDATE app.practitioner SET active = false WHERE clinic_id = $1",
    "a holiday country":
      "UPDATE app.clinic_profile SET holiday_country = 'ZA', share_buffers = true WHERE clinic_id = $1",
    "the clinic's state": "UPDATE platform.clinic SET status = 'suspended' WHERE id = $1",
  };

  test.each(Object.entries(changes))("are not believed after a change behind our back: %s", async (_, sql) => {
    const clinic = await rulesClinic(t);
    await bothWays(clinic, clinic.practitionerId);
    await clinic.sql(sql);
    const after = await bothWays(clinic, clinic.practitionerId);
    expect(after.remembered).toEqual(after.anew);
    expect(after.a.remembered?.clinic).toEqual(after.a.anew?.clinic);
  });

  test("are one clinic's: another's service or practitioner is not found by them", async () => {
    const [clinic, other] = [await rulesClinic(t), await rulesClinic(t)];
    await bothWays(clinic, clinic.practitionerId);
    const window = spanOfDays(clinic.monday, 7, zone);
    const asked = { clinicId: other.clinicId, window };
    const answers = await inTenant(workOf(other), async (db) => {
      const load = withRememberedRules(workOf(other));
      return [
        await load(db, { ...asked, serviceId: clinic.serviceId, practitionerId: clinic.practitionerId }),
        await load(db, { ...asked, serviceId: other.serviceId, practitionerId: clinic.practitionerId }),
        await load(db, { ...asked, serviceId: newId(), practitionerId: null }),
      ];
    });
    expect(answers.map((a) => [a?.services.flatMap((one) => one.practitionerIds), a?.practitioners])).toEqual([
      [[], []],
      [[], []],
      [[], []],
    ]);
  });
});
