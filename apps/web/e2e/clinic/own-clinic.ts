import { addDays, dayOf } from "@pulsecal/core";
import { type Api, apiOf } from "../support/api.ts";
import { hosts, pulse } from "../support/browser.ts";
import { linkFromMail } from "../portal/steps.ts";

type ServiceInput = Parameters<Api["staff"]["services"]["save"]["mutate"]>[0];

export type OwnClinic = {
  url: string;
  /** the API as the clinic's owner calls it */
  owner: Api;
  /** the API as anybody calls it */
  guest: Api;
  doctors: { id: string; name: string }[];
  /** Adds a service of its doctors; what is not said is a plain visit of twenty minutes. */
  addService(over?: Partial<ServiceInput>): Promise<string>;
  /** A day of the clinic's calendar; 1 is tomorrow. */
  day(ahead: number): string;
};

const ZONE = "Africa/Johannesburg";
/** From eight to five; minutes of the day. */
const DAYTIME = { from: 8 * 60, to: 17 * 60 };
/** For what must be soon, whenever the test runs. */
export const ROUND_THE_CLOCK = { from: 0, to: 24 * 60 };
const key = () => crypto.randomUUID();

/**
 * A clinic of a spec's own, signed up, verified, open every day of the week and approved: what a spec changes in it
 * concerns no other, and its tries count for itself.
 */
export async function openClinic(name: string, hours = DAYTIME): Promise<OwnClinic> {
  const slug = `${name.toLowerCase().replace(/[^a-z]+/g, "-")}-${key().slice(0, 8)}`;
  const url = hosts.clinic(slug);
  const email = `owner@${slug}.example`;
  const password = "moss kettle lantern nine";
  const [owner, guest] = [apiOf(url), apiOf(url)];
  await apiOf(hosts.apex).public.signUp.start.mutate({
    clinicName: name,
    slug,
    name: "Nomsa Dlamini",
    email,
    password,
    practitioner: { name: "Dr Lindiwe Cele", registrationNumber: "MP 0611111" },
    key: key(),
  });
  const link = await linkFromMail(email, /http:\S+\/portal\/verify\/\S+/);
  await guest.public.account.verifyEmail.mutate({ token: link.split("/").at(-1) ?? "" });
  await owner.public.account.signIn.mutate({ email, password });
  const weekly = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, ...hours }));
  const doctors = await owner.staff.practitioners.list.query();
  for (const { id } of doctors) {
    const { version } = await owner.staff.hours.get.query({ practitionerId: id });
    await owner.staff.hours.save.mutate({ practitionerId: id, weekly, overrides: [], version, key: key() });
  }
  await approve(slug);
  return {
    url,
    owner,
    guest,
    doctors,
    async addService(over = {}) {
      const plain = { name: "Check-up", minutes: 20, bufferBefore: 0, bufferAfter: 0, intervalMinutes: 20 };
      const rules = { noticeMinutes: 60, horizonDays: 60, priceCents: 45_000, active: true };
      const practitionerIds = doctors.map(({ id }) => id);
      const input = { ...plain, ...rules, practitionerIds, key: key(), ...over } as ServiceInput;
      return (await owner.staff.services.save.mutate(input)).id;
    },
    day: (ahead) => addDays(dayOf(Date.now(), ZONE), ahead),
  };
}

async function approve(slug: string): Promise<void> {
  const admin = apiOf(hosts.console);
  await admin.public.account.signIn.mutate(pulse.adminLogin);
  const waiting = await admin.platform.clinics.list.query({ status: "practice" });
  const line = waiting.find((one) => one.slug === slug);
  if (!line) throw new Error(`${slug} is not in the console's list`);
  await admin.platform.clinics.approve.mutate({ clinicId: line.id, key: key() });
}
