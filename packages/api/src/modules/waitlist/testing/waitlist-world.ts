import { randomUUID } from "node:crypto";
import { type MadeClinic, makeClinic, type TestDatabase } from "@pulsecal/db/testing";
import type { Services } from "../../../infra/services.ts";
import { hashToken } from "../../../infra/tokens.ts";
import { clinicHost, staffCookie } from "../../../testing/people.ts";
import { testCaller } from "../../../testing/test-caller.ts";
import { expireHold } from "../../../jobs/expire-hold.ts";
import { createWorkerServices } from "../../../jobs/worker-services.ts";
import { effectsOf, type EventOf, type Outcome } from "../../../jobs/catalog.ts";
import { waitlistHandlers } from "../index.ts";

type Caller = Awaited<ReturnType<typeof testCaller>>;

/** A clinic, its callers, and the worker's part of the waitlist run by hand. */
export type WaitlistWorld = {
  t: TestDatabase;
  s: Services;
  clinic: MadeClinic;
  guest: Caller;
  staff: Caller;
  /** The address of somebody of that name, at this clinic only: mailboxes have a budget over all clinics. */
  mailbox(name: string): string;
  /** Somebody joins; returns the entry's link. `since` in days ago. */
  join(name: string, over?: JoinOver): Promise<{ token: string; entryId: string }>;
  /** A patient's booking that can be given back. */
  book(start: Date): Promise<{ token: string; start: Date }>;
  /** A booking made and given back, and the worker's part of it done; returns its start. */
  free(start: Date): Promise<Date>;
  /** States of what stands at a start: held, confirmed, or nothing. */
  standing(start: Date): Promise<unknown[]>;
  /** Runs what the worker would run now, once per event, until nothing is due; returns what was done. */
  work(): Promise<string[]>;
  /** the log of offers, in order: name and state */
  log(): Promise<[string, string][]>;
  /** Makes the live offers, with their holds, run out. `holds: false` leaves the time held, as in the grace. */
  runOut(o?: { holds?: boolean }): Promise<void>;
};

export type JoinOver = Partial<{
  since: number;
  urgency: 0 | 1 | 2 | 3;
  who: string;
  serviceId: string;
  canCome: { weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7; from: number; to: number }[];
  notBefore: string;
  notAfter: string;
  phoneOnly: boolean;
  email: string;
}>;

/** A clinic of its own on a database that several tests share. */
export async function waitlistWorld({ t, s }: { t: TestDatabase; s: Services }): Promise<WaitlistWorld> {
  const clinic = await makeClinic(t);
  const host = clinicHost(s, clinic.slug);
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "reception");
  let visitors = 0;
  const guest = () => testCaller(s, { host, ip: `10.9.${(++visitors >> 8) & 255}.${visitors & 255}` });
  const entryOf = async (token: string) => {
    const [row] = await t.admin("SELECT id FROM app.waitlist_entry WHERE token_hash = $1", [hashToken(token)]);
    return String(row?.["id"]);
  };
  const world: WaitlistWorld = {
    t,
    s,
    clinic,
    guest: await guest(),
    staff: await testCaller(s, { host, cookies: cookie }),
    mailbox: (name) => `${name.toLowerCase()}@${clinic.slug}.example`,
    async join(name, over = {}) {
      const { since = 0, urgency = 0, phoneOnly = false, email, ...wishes } = over;
      const mailbox = email ?? world.mailbox(name);
      const contact = phoneOnly ? { phone: "082 123 4567" } : { email: mailbox };
      const call = await guest();
      const { token } = await call.public.waitlist.join({
        serviceId: clinic.serviceId,
        who: "any",
        canCome: [],
        name,
        ...contact,
        ...wishes,
        key: randomUUID(),
      });
      const entryId = await entryOf(token);
      await t.admin("UPDATE app.waitlist_entry SET since = since - $2 * interval '1 day', urgency = $3 WHERE id = $1", [
        entryId,
        since,
        urgency,
      ]);
      return { token, entryId };
    },
    async book(start) {
      const call = await guest();
      const wish = { serviceId: clinic.serviceId, who: clinic.practitionerId, start, key: randomUUID() };
      const { token } = await call.public.booking.book({ ...wish, name: "Palesa", email: world.mailbox("Palesa") });
      return { token, start };
    },
    async free(start) {
      const { token } = await world.book(start);
      await (await guest()).patient.booking.cancel({ token, key: randomUUID() });
      await world.work();
      return start;
    },
    async standing(start) {
      const rows = await t.admin(
        "SELECT state FROM app.booking WHERE clinic_id = $1 AND starts_at = $2 AND state IN ('held', 'confirmed')",
        [clinic.clinicId, start],
      );
      return rows.map((row) => row["state"]);
    },
    work: () => workOff({ t, s, clinic }),
    async log() {
      const rows = await t.admin(
        `SELECT p.name, o.state FROM app.waitlist_offer o
         JOIN app.waitlist_entry e ON e.clinic_id = o.clinic_id AND e.id = o.entry_id
         JOIN app.patient p ON p.clinic_id = e.clinic_id AND p.id = e.patient_id
         WHERE o.clinic_id = $1 ORDER BY o.offered_at, o.id`,
        [clinic.clinicId],
      );
      return rows.map((row) => [String(row["name"]), String(row["state"])]);
    },
    async runOut({ holds = true } = {}) {
      await t.admin(
        `UPDATE app.waitlist_offer SET expires_at = clock_timestamp() - interval '1 ms'
         WHERE clinic_id = $1 AND state = 'live'`,
        [clinic.clinicId],
      );
      if (holds) {
        const lapsed = "hold_expires_at = clock_timestamp() - interval '1 ms'";
        await t.admin(`UPDATE app.booking SET ${lapsed} WHERE clinic_id = $1 AND state = 'held'`, [clinic.clinicId]);
        await t.admin(`UPDATE app.occupancy SET ${lapsed} WHERE clinic_id = $1 AND state = 'held'`, [clinic.clinicId]);
      }
      await t.admin(
        `UPDATE app.event SET not_before = now() WHERE clinic_id = $1 AND relayed_at IS NULL
           AND type IN ('waitlist.offer_due', 'booking.hold_due') AND not_before < now() + interval '20 min'`,
        [clinic.clinicId],
      );
    },
  };
  return world;
}

/** The effects of the waitlist and of holds; mails have tests of their own. */
const effects = ["open_gap", "open_span", "waitlist_turn", "waitlist_match", "expire_hold"] as const;

/** A job as the worker would get it; running it again is what a queue does that lost its answer. */
export type DueJob = { effect: string; run(): Promise<Outcome> };

/** Takes the events that are due now, as the relay does, and gives the jobs they become. */
export async function dueJobs({ t, s, clinic }: Pick<WaitlistWorld, "t" | "s" | "clinic">): Promise<DueJob[]> {
  const w = createWorkerServices(s);
  const handlers = { ...waitlistHandlers, expire_hold: expireHold };
  const events = await t.admin(
    `WITH due AS (UPDATE app.event SET relayed_at = now()
       -- kept to the millisecond, rounded: what is due now may be written half of one ahead
       WHERE clinic_id = $1 AND relayed_at IS NULL AND not_before <= now() + interval '1 ms' RETURNING *)
     SELECT id, clinic_id AS "clinicId", type, payload FROM due ORDER BY not_before, seq`,
    [clinic.clinicId],
  );
  return events.flatMap((event) =>
    effects
      .filter((effect) => effectsOf(String(event["type"])).includes(effect))
      .map((effect) => {
        // the row of an event of this effect, which its own type cannot know
        const handle = handlers[effect] as (bag: typeof w, of: EventOf<"open_gap">) => Promise<Outcome>;
        return { effect, run: () => handle(w, event as EventOf<"open_gap">) };
      }),
  );
}

/** Runs what is due, and what becomes due by it, one job after the other. */
async function workOff(world: Pick<WaitlistWorld, "t" | "s" | "clinic">): Promise<string[]> {
  const did: string[] = [];
  for (let jobs = await dueJobs(world); jobs.length > 0; jobs = await dueJobs(world)) {
    for (const { effect, run } of jobs) did.push(`${effect}: ${(await run()).did}`);
  }
  return did;
}
