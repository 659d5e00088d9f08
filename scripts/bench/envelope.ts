import { randomUUID } from "node:crypto";
import { closeServices, type Services } from "@pulsecal/api";
import { clinicHost, testCaller, testServices } from "@pulsecal/api/testing";
import { type MadeClinic, makeClinic, testDatabase } from "@pulsecal/db/testing";
import { openPatient, sealBookingText, sealPatient } from "../../packages/api/src/modules/records/sealed-patient.ts";
import { withServices } from "../proofs/services.ts";
import { drive, type Figure, figure, interleave, ratios, type Sample } from "./harness.ts";

export const rounds = 7;

const bookings = 100;
const seals = 2_000;
const guest = { name: "Thandi Bench", email: "thandi@example.com", phone: "+27821234567", reason: "Check-up" };

/** What sealing costs of a booking: the cipher's work alone beside the whole booking in this process. Print only. */
export async function run(count: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  await withServices(async () => {
    const t = await testDatabase();
    const s = testServices(t);
    try {
      figures.push(...(await measure(s, await makeClinic(t), count)));
    } finally {
      await closeServices(s);
      await t.close();
    }
  });
  return figures;
}

async function measure(s: Services, clinic: MadeClinic, count: number): Promise<Figure[]> {
  const key = await s.vault.clinicKey(clinic.clinicId);
  const seal = () => {
    const sealed = sealPatient(key, clinic.clinicId, guest);
    sealBookingText(sealed.key, clinic.serviceId, "reason_sealed", guest.reason);
    return sealed;
  };
  const { stored, contact } = seal();
  const patient = { id: clinic.clinicId, key: stored, ...contact };
  let booked = 0;
  const samples = await interleave(count, {
    sealing: () => drive({ clients: 1, count: seals }, async () => seal()),
    opening: () => drive({ clients: 1, count: seals }, async () => openPatient(key, patient)),
    booking: () => drive({ clients: 1, count: bookings }, () => book(s, clinic, booked++)),
  });
  const micros = (sample: Sample) => sample.cpu * 1000;
  const cpu = (sample: Sample) => sample.cpu;
  return [
    figure("sealing a booking: a key, address, number, reason, two indexes", "us", samples.sealing.map(micros)),
    figure("opening an address for a notice", "us", samples.opening.map(micros)),
    figure(
      "booking in process, p50",
      "ms",
      samples.booking.map((sample) => sample.p50),
    ),
    figure("booking in process, processor time", "ms", samples.booking.map(cpu)),
    figure("sealing / booking, processor time", "ratio", ratios(samples.sealing, samples.booking, cpu)),
    figure(
      "sealing / booking, p50",
      "ratio",
      ratios(samples.sealing, samples.booking, (sample) => sample.p50),
    ),
  ];
}

/** The clinic is open nine hours a day in slots of 20 minutes: 27 bookings fill a day. */
async function book(s: Services, clinic: MadeClinic, number: number): Promise<void> {
  const day = new Date(Date.now() + (2 + Math.trunc(number / 27)) * 86_400_000).toISOString().slice(0, 10);
  const start = new Date(Date.parse(`${day}T08:00:00+02:00`) + (number % 27) * 20 * 60_000);
  // One address may book 60 times in ten minutes.
  const call = await testCaller(s, { host: clinicHost(s, clinic.slug), ip: `10.0.0.${Math.trunc(number / 50)}` });
  const wish = { serviceId: clinic.serviceId, who: clinic.practitionerId, start, key: randomUUID() };
  await call.public.booking.book({ ...wish, ...guest });
}
