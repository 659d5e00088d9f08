import { makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServices, type Services } from "../infra/services.ts";
import { clinicHost } from "../testing/people.ts";
import { testCaller } from "../testing/test-caller.ts";
import { testServices } from "../testing/test-services.ts";
import { refusalOf } from "./error-map.ts";

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

test("nobody can fill somebody else's mailbox, not over many clinics, not in capitals; its owner is never kept out", async () => {
  const clinics = [await makeClinic(t), await makeClinic(t)];
  const join = async (n: number, email: string, ip = "10.9.0.1") => {
    const clinic = clinics[n % 2];
    if (!clinic) throw new Error("there are two");
    const call = await testCaller(s, { host: clinicHost(s, clinic.slug), ip });
    const wish = { serviceId: clinic.serviceId, who: "any" as const, name: `Guest ${n}`, key: randomUUID() };
    const canCome = [{ weekday: 1 as const, from: 0, to: 1440 }];
    return call.public.waitlist.join({ ...wish, canCome, email }).then(
      () => "joined",
      (error: unknown) => refusalOf(error)?.code ?? String(error),
    );
  };
  const ends: string[] = [];
  for (let n = 0; n < 22; n++)
    ends.push(await join(n, n % 3 === 0 ? "Victim@People.example" : "victim@people.example"));
  expect(ends.filter((end) => end === "joined")).toHaveLength(20);
  expect(ends.slice(20)).toEqual(["rate_limited", "rate_limited"]);
  expect(await join(43, "another@people.example")).toBe("joined");
  expect(await join(44, "victim@people.example", "10.9.0.2")).toBe("joined");
});
