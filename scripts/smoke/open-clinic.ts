import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { listen } from "./listen.ts";
import type { Mails } from "./mails.ts";
import { type Visitor, visit } from "./site.ts";

export type Tools = { site: { webPort: number; baseDomain: string }; mails: Mails };

/** A clinic signed up by this run. */
export type Clinic = {
  name: string;
  slug: string;
  email: string;
  password: string;
  /** its owner, in the portal */
  owner: Visitor;
  /** a patient on its public pages */
  patient: Visitor;
};

export const key = (): string => randomUUID();

/** Signs a clinic up on the apex, under a name nobody has. */
export async function signUp(tools: Tools, name: string): Promise<Clinic> {
  const mark = randomBytes(4).toString("hex");
  const apex = visit(tools.site, "");
  const slug = `smoke-${mark}`;
  const email = `owner-${mark}@smoke.example`;
  const password = `${randomBytes(9).toString("base64url")} calm river`;

  const checked = await apex.api.public.signUp.checkSlug.query({ slug, name });
  assert.equal(checked.free, true, "a fresh address is free");
  const made = await apex.api.public.signUp.start.mutate({
    clinicName: name,
    slug,
    name: "Nomsa Dlamini",
    email,
    password,
    practitioner: { name: "Dr Mokoena", registrationNumber: `MP ${mark}` },
    key: key(),
  });
  await apex.leave();
  assert.equal(made.slug, slug);
  return { name, slug, email, password, owner: visit(tools.site, slug), patient: visit(tools.site, slug) };
}

/** Follows the link of the verification mail: opening it changes nothing, pressing the button does. */
export async function verify(tools: Tools, clinic: Clinic): Promise<void> {
  const mail = await tools.mails.find(clinic.email, /^Confirm your email address/);
  const link = new URL(/https?:\S+\/portal\/verify\/\S+/.exec(mail.text)?.[0] ?? assert.fail("no link in the mail"));
  assert.equal(link.host, clinic.owner.host, "the link leads to the clinic's own host");

  const opened = await clinic.owner.get(link.pathname);
  assert.equal(opened.status, 200);
  const pressed = await clinic.owner.post(link.pathname, {});
  assert.ok([302, 303].includes(pressed.status), `pressing the button answers ${pressed.status}`);
  const again = await clinic.owner.post(link.pathname, {});
  assert.equal(again.status, 400, "the link works once");
}

/** Signs the owner in on the clinic's host. */
export async function signIn(clinic: Clinic): Promise<void> {
  const { api } = clinic.owner;
  await api.public.account.signIn.mutate({ email: clinic.email, password: clinic.password });
  const me = await api.staff.me.query();
  assert.equal(me.clinic.slug, clinic.slug);
  assert.equal(me.role, "owner");
}

const wholeWeek = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from: 7 * 60, to: 19 * 60 }));

/** Opens every day and adds a service; answers with its id. */
export async function setHoursAndService(clinic: Clinic): Promise<string> {
  const { staff } = clinic.owner.api;
  const [doctor] = await staff.practitioners.list.query();
  assert.ok(doctor, "the clinic has a practitioner from its first minute");
  const hours = await staff.hours.get.query({ practitionerId: doctor.id });
  const saved = await staff.hours.save.mutate({
    practitionerId: doctor.id,
    weekly: wholeWeek,
    overrides: [],
    version: hours.version,
    key: key(),
  });
  assert.equal(saved.weekly.length, 7);
  const service = await staff.services.save.mutate({
    name: "Smoke visit",
    minutes: 30,
    bufferBefore: 0,
    bufferAfter: 0,
    intervalMinutes: 30,
    noticeMinutes: 60,
    horizonDays: 30,
    priceCents: 45_000,
    active: true,
    practitionerIds: [doctor.id],
    key: key(),
  });
  return service.id;
}

export type Console = Awaited<ReturnType<typeof openConsole>>;

/** A platform admin signs in on the console's host and watches. */
export async function openConsole(tools: Tools, login: { email: string; password: string }) {
  const visitor = visit(tools.site, "admin");
  await visitor.api.public.account.signIn.mutate(login);
  const { cursor } = await visitor.api.platform.overview.query();
  const live = await listen<ConsoleSaid>((handlers) =>
    visitor.api.platform.live.events.subscribe(
      { lastEventId: cursor },
      { ...handlers, onData: (said) => handlers.onData(said.data) },
    ),
  );
  return {
    visitor,
    heard: (type: string, slug: string) =>
      live.until((said) => said.type === type && "slug" in said && said.slug === slug, `${type} of ${slug}`),
    async leave() {
      live.close();
      await visitor.leave();
    },
  };
}

type ConsoleSaid = { type: string } | { type: string; slug: string };

/** Approves the clinic in the console; its owner gets a mail. */
export async function approve(tools: Tools, console: Console, clinic: Clinic): Promise<void> {
  const { clinics } = console.visitor.api.platform;
  const waiting = await clinics.list.query({ status: "practice" });
  const line =
    waiting.find((one) => one.slug === clinic.slug) ?? assert.fail("the clinic is not in the console's list");
  const approved = await clinics.approve.mutate({ clinicId: line.id, key: key() });
  assert.equal(approved.status, "live");
  await console.heard("clinic.approved", clinic.slug);
  await tools.mails.find(clinic.email, /is open for booking$/);
}
