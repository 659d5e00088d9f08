import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { seeded } from "../harness.ts";
import { ask, type Reply } from "./ask.ts";
import type { Entry, Ledger, Told } from "./ledger.ts";
import type { Part } from "./part.ts";
import type { Clinic, World } from "./world.ts";

export type Slot = { clinic: Clinic; doctor: string | null; start: Date };

/** How a patient's browser or a balancer goes on when a node does not answer. */
export type Manners = {
  fault: string;
  /** begins the patient's address, so that the mail sink can tell this one */
  tag?: string;
  /** tried first; the other node is next */
  first?: Part;
  timeoutMs?: number;
  /** "balancer": only a refused connection may go to the other node, everything else is a failed request */
  retries?: "until answered" | "balancer";
  /** the nodes a balancer takes for well at this moment */
  well?: () => Part[];
};

export type Patients = {
  /** A time of a doctor that nobody else was given; its doctor is null when any will do. */
  slot(clinic?: Clinic, who?: "any"): Slot;
  book(slot: Slot, how: Manners): Promise<Entry>;
  holdAndConfirm(slot: Slot, how: Manners): Promise<Entry>;
  /** A time kept for somebody who then goes away. */
  holdOnly(slot: Slot, how: Manners): Promise<Entry>;
  cancel(booked: Entry, how: Manners): Promise<Entry>;
  /** People come one after another, so many at a time, until `stop`; resolves when the last has been answered. */
  crowd(size: number, how: Manners): { stop(): Promise<void> };
  /** The day many of them want. */
  popularDay: string;
};

const DAY_MS = 24 * 3_600_000;
const FIRST_DAY = 3;
const DAYS = 24;
const PATIENCE_MS = 45_000;

/** Patients with addresses of their own who book, keep, confirm and cancel, and write down what they were told. */
export async function invitePatients(
  world: World,
  ledger: Ledger,
  random: ReturnType<typeof seeded>,
): Promise<Patients> {
  const own = await hasManyAddresses();
  const times = new Map(world.clinics.map((clinic) => [clinic.id, timesOf(clinic, random)]));
  const anyTimes = new Map(world.clinics.map((clinic) => [clinic.id, timesForAnybody(clinic, random)]));
  const popular = new Date(noonIn(FIRST_DAY));
  let people = 0;

  function slot(clinic?: Clinic, who?: "any"): Slot {
    const where = clinic ?? (random.next() < 0.8 ? world.clinics[0] : world.clinics[1]);
    const found = (who === "any" ? anyTimes : times).get(where.id)?.pop();
    if (!found) throw new Error("every time of this clinic was used");
    return { clinic: where, ...found };
  }

  /** Sends until somebody answers for good; a try without an answer may or may not have counted. */
  async function insist(
    how: Manners,
    send: (node: Part) => Promise<Reply>,
    understand: (data: unknown) => Told,
  ): Promise<Pick<Entry, "tries" | "told">> {
    const tries: Entry["tries"] = [];
    const [web1, web2] = world.webs;
    const wanted = how.first ?? random.pick(how.well?.() ?? world.webs);
    const order = wanted === web2 ? [web2, web1] : [web1, web2];
    const giveUp = Date.now() + PATIENCE_MS;
    for (let attempt = 0; Date.now() < giveUp; attempt += 1) {
      const node = order[attempt % 2] ?? web1;
      const reply = await send(node);
      const why = reply.status === null ? reply.why : reply.code;
      tries.push({ node: node.name, status: reply.status, why, ms: reply.ms });
      if (reply.status === 200) return { tries, told: understand(reply.data) };
      if (reply.status !== null && reply.status < 500) return { tries, told: { kind: "refused", code: reply.code } };
      if (how.retries === "balancer" && why !== "ECONNREFUSED") break;
      await pause(30 + random.int(150));
    }
    return { tries, told: { kind: "silence" } };
  }

  const newcomer = (clinic: Clinic, tag = "p"): { email: string; from: string | undefined } => {
    people += 1;
    const from = own ? `127.${1 + ((people >> 14) % 200)}.${(people >> 7) % 128}.${1 + (people % 128)}` : undefined;
    return { email: `${tag}${people}@${clinic.slug}.example`, from };
  };

  async function wish(
    what: Entry["what"],
    at: { clinic: Clinic; doctor: string; start: string; email: string; token: string | null },
    how: Manners,
    call: { path: string; input: Record<string, unknown>; from: string | undefined },
    understand: (data: unknown) => Told,
  ): Promise<Entry> {
    const key = randomUUID();
    const { clinic, ...facts } = at;
    const asking = {
      slug: clinic.slug,
      baseDomain: world.baseDomain,
      path: call.path,
      input: { ...call.input, key },
      from: call.from,
      timeoutMs: how.timeoutMs,
    };
    const end = await insist(how, (node) => ask(node, asking), understand);
    const entry: Entry = { fault: how.fault, what, clinicId: clinic.id, key, ...facts, ...end };
    ledger.write(entry);
    return entry;
  }

  async function book(s: Slot, how: Manners): Promise<Entry> {
    const { email, from } = newcomer(s.clinic, how.tag);
    const at = { clinic: s.clinic, doctor: s.doctor ?? "any", start: s.start.toISOString(), email, token: null };
    const who = s.doctor ?? "any";
    const input = { serviceId: s.clinic.serviceId, who, start: s.start, name: "Test Patient", email };
    return wish("book", at, how, { path: "public.booking.book", input, from }, (data) => {
      const { token, booking } = data as { token: string; booking: View };
      return booked(token, booking);
    });
  }

  async function holdOnly(s: Slot, how: Manners): Promise<Entry> {
    const { email, from } = newcomer(s.clinic, how.tag);
    const at = { clinic: s.clinic, doctor: s.doctor ?? "any", start: s.start.toISOString(), email, token: null };
    const input = { serviceId: s.clinic.serviceId, who: s.doctor ?? "any", start: s.start };
    return wish("hold", at, how, { path: "public.booking.hold", input, from }, (data) => ({
      kind: "held",
      token: (data as { token: string }).token,
    }));
  }

  async function holdAndConfirm(s: Slot, how: Manners): Promise<Entry> {
    const held = await holdOnly(s, how);
    if (held.told.kind !== "held") return held;
    const { token } = held.told;
    const at = { clinic: s.clinic, doctor: s.doctor ?? "any", start: held.start, email: held.email, token };
    const input = { token, name: "Test Patient", email: held.email };
    return wish("confirm", at, how, { path: "public.booking.confirm", input, from: undefined }, (data) =>
      booked(token, data as View),
    );
  }

  async function cancel(entry: Entry, how: Manners): Promise<Entry> {
    if (entry.told.kind !== "booked") throw new Error("only a booking can be cancelled");
    const { token, start, doctor } = entry.told;
    const clinic = world.clinics.find(({ id }) => id === entry.clinicId) ?? world.clinics[0];
    const at = { clinic, doctor, start, email: entry.email, token };
    const call = { path: "patient.booking.cancel", input: { token }, from: undefined };
    return wish("cancel", at, how, call, () => ({ kind: "cancelled", token }));
  }

  async function visitor(how: Manners): Promise<void> {
    const kind = random.int(10);
    const s = kind < 2 ? slot(undefined, "any") : slot();
    if (kind < 6) await book(s, how);
    else if (kind < 7) await holdAndConfirm(s, how);
    else if (kind < 8) {
      // Rivals for one time, at both nodes at once.
      await Promise.all(world.webs.map((first) => book(s, how.well ? how : { ...how, first: how.first ?? first })));
    } else {
      const entry = await book(s, how);
      if (entry.told.kind === "booked") await cancel(entry, how);
    }
  }

  return {
    slot,
    book,
    holdOnly,
    holdAndConfirm,
    cancel,
    popularDay: popular.toISOString().slice(0, 10),
    crowd(size, how) {
      let over = false;
      const one = async (): Promise<void> => {
        while (!over) {
          await visitor(how);
          await pause(random.int(80));
        }
      };
      const all = Promise.all(Array.from({ length: size }, one));
      all.catch(() => undefined); // heard by whoever stops the crowd
      return {
        async stop() {
          over = true;
          await all;
        },
      };
    },
  };
}

type View = { ref: string; state: string; start: string; practitioner: { id: string } };

function booked(token: string, view: View): Told {
  return {
    kind: "booked",
    token,
    ref: view.ref,
    state: view.state,
    start: new Date(view.start).toISOString(),
    doctor: view.practitioner.id,
  };
}

type Time = { doctor: string | null; start: Date };

/** 08:00 to 17:00 in Johannesburg is 06:00 to 15:00 UTC all year; a consultation takes 20 minutes. */
function startsOn(day: number): Date[] {
  return Array.from({ length: 27 }, (_, index) => new Date(noonIn(day) + (index - 18) * 20 * 60_000));
}

function shuffled<T>(items: T[], random: ReturnType<typeof seeded>): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Each doctor's times, in a random order, with those of the popular day in every other place. */
function timesOf({ doctors }: Clinic, random: ReturnType<typeof seeded>): Time[] {
  const of = (day: number): Time[] => doctors.flatMap((doctor) => startsOn(day).map((start) => ({ doctor, start })));
  const days = Array.from({ length: DAYS }, (_, index) => FIRST_DAY + 1 + index);
  const rest = shuffled(days.flatMap(of), random);
  const popular = shuffled(of(FIRST_DAY), random);
  return rest.flatMap((time, index) => [...popular.slice(index, index + 1), time]).reverse();
}

/** Times on days of their own, as often as there are doctors. */
function timesForAnybody({ doctors }: Clinic, random: ReturnType<typeof seeded>): Time[] {
  const days = Array.from({ length: DAYS }, (_, index) => FIRST_DAY + DAYS + 1 + index);
  const starts = days.flatMap(startsOn).flatMap((start) => doctors.map(() => ({ doctor: null, start })));
  return shuffled(starts, random);
}

/** Noon UTC so many days from today. */
function noonIn(days: number): number {
  return Math.floor(Date.now() / DAY_MS) * DAY_MS + days * DAY_MS + DAY_MS / 2;
}

/** Linux answers on all of 127/8, so every patient can come from an address of their own, as the limits expect. */
function hasManyAddresses(): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(0, "127.77.7.7", () => probe.close(() => resolve(true)));
  });
}
