import { randomUUID } from "node:crypto";
import { clinicHost, type SmtpSink, startSmtpSink, testCaller, testServices } from "@pulsecal/api/testing";
import { closeServices, type RetryPolicy, type Services } from "@pulsecal/api/worker";
import { type MadeClinic, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RunningWorker, runWorker } from "./run-worker.ts";

vi.setConfig({ testTimeout: 60_000 });

const quick: RetryPolicy = { firstMs: 20, mostMs: 100, patienceMs: 60_000 };

let t: TestDatabase;
let sink: SmtpSink;
let clinic: MadeClinic;
let workers: RunningWorker[];
let s: Services;
let guest: Awaited<ReturnType<typeof testCaller>>;

beforeAll(async () => {
  t = await testDatabase();
  sink = await startSmtpSink();
  clinic = await makeClinic(t, { name: "Sunrise Clinic" });
  const redisPrefix = `test-waitlist-${clinic.slug}`;
  const services = () => testServices(t, { smtpUrl: sink.url }, { redisPrefix });
  // two side by side, as in a deployment; the guest's own services wake them
  workers = await Promise.all([services(), services()].map((own) => runWorker(own, { policy: quick })));
  await Promise.all(workers.map((worker) => worker.ready));
  s = services();
  guest = await testCaller(s, { host: clinicHost(s, clinic.slug) });
});

afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await closeServices(s);
  await sink.close();
  await t.close();
});

/** Waits for a mail to somebody whose subject begins like this. */
async function mailTo(address: string, subject: string) {
  for (let count = 1; ; count++) {
    const mails = await sink.received(count);
    const mail = mails.find((one) => one.envelope.to.includes(address) && one.subject?.startsWith(subject));
    if (mail) return mail;
  }
}

const tokenIn = (text: string | undefined) => /\/w\/([\w-]{22})/.exec(text ?? "")?.[1] ?? "";

async function join(name: string) {
  const email = `${name.toLowerCase()}@people.example`;
  const { serviceId } = clinic;
  await guest.public.waitlist.join({ serviceId, who: "any", canCome: [], name, email, key: randomUUID() });
  return { email, joined: await mailTo(email, "You are on the waitlist at Sunrise Clinic") };
}

test("a time that is given back is offered by mail, first to one, then to the next, who takes it", async () => {
  const thandi = await join("Thandi");
  const sipho = await join("Sipho");
  const { serviceId, practitionerId } = clinic;
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const start = new Date(`${day}T08:00:00Z`);
  const lerato = { name: "Lerato", email: "lerato@people.example" };
  const wish = { serviceId, who: practitionerId, start, key: randomUUID() };
  const { token } = await guest.public.booking.book({ ...wish, ...lerato });
  await guest.patient.booking.cancel({ token, key: randomUUID() });

  const first = await mailTo(thandi.email, "A time is free:");
  expect(tokenIn(first.text)).toBe(tokenIn(thandi.joined.text));
  expect(first.text).toContain("We keep it for you until");
  await guest.patient.waitlist.decline({ token: tokenIn(first.text), key: randomUUID() });

  const second = await mailTo(sipho.email, "A time is free:");
  await guest.patient.waitlist.accept({ token: tokenIn(second.text), key: randomUUID() });
  const booked = await mailTo(sipho.email, "You are booked:");
  expect(booked.attachments.map((file) => file.mimeType)).toContain("application/ics");

  for (const worker of workers.splice(0)) await worker.stop();
  const offers = sink.mails.filter((mail) => mail.subject?.startsWith("A time is free:"));
  expect(offers.map((mail) => mail.envelope.to)).toEqual([[thandi.email], [sipho.email]]);
});
