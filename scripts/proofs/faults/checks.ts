import type { BookingRow, EventRow, Evidence } from "./evidence.ts";
import { hashOf } from "./evidence.ts";
import type { Entry } from "./ledger.ts";
import type { Place } from "./watchers.ts";

/** One thing looked at; `fault` is the fault it happened under, or null when none can be told. */
export type Finding = { fault: string | null; ok: boolean; note: string };

export const failures = (findings: readonly Finding[]): Finding[] => findings.filter((finding) => !finding.ok);

/** I2: what a client was told is what the database says, and one wish has one effect however often it was sent. */
export function checkAnswers(e: Evidence): Finding[] {
  const byToken = new Map(e.bookings.map((row) => [row.tokenHash, row]));
  const lastWish = new Map<string, Entry>();
  for (const entry of e.entries) {
    const token = tokenOf(entry);
    if (token) lastWish.set(hashOf(token), entry);
  }
  const told = e.entries.map((entry): Finding => {
    const bad = wrongIn(entry);
    return { fault: entry.fault, ok: bad === null, note: `${entry.what} ${entry.email}: ${bad ?? "as told"}` };
  });
  const entryOfKey = new Map(e.entries.map((entry) => [keyOf(entry), entry]));
  const faultOf = new Map([...e.keys].map(([key, booking]) => [booking, entryOfKey.get(key)?.fault ?? null]));
  const untold = e.bookings.map(
    (row): Finding => ({
      fault: faultOf.get(row.id) ?? null,
      ok: lastWish.has(row.tokenHash),
      note: `booking ${row.id} (${row.state}) is one that nobody was told of`,
    }),
  );
  return [...told, ...untold];

  function wrongIn(entry: Entry): string | null {
    const { told: said } = entry;
    const stored = e.keys.get(keyOf(entry));
    const tries = JSON.stringify(entry.tries);
    if (said.kind === "silence") return `never answered: ${tries}`;
    if (said.kind === "refused") return stored ? `refused (${said.code}) but done: ${tries}` : null;
    const row = byToken.get(hashOf(said.token));
    if (!row) return "acknowledged and missing";
    if (row.clinicId !== entry.clinicId) return "at another clinic";
    if (row.id !== stored) return `its key led to ${stored ?? "nothing"}, not to ${row.id}`;
    if (said.kind === "booked" && (row.start !== said.start || row.doctor !== said.doctor)) return "moved";
    return lastWish.get(row.tokenHash) === entry ? wrongState(entry, row) : null;
  }
}

const keyOf = (entry: Entry): string => `${entry.clinicId}|${entry.key}`;

function tokenOf(entry: Entry): string | null {
  if (entry.token) return entry.token;
  return "token" in entry.told ? entry.told.token : null;
}

function wrongState(entry: Entry, row: BookingRow): string | null {
  const fits: Record<Entry["told"]["kind"], string[]> = {
    booked: ["confirmed"],
    cancelled: ["cancelled"],
    held: ["held", "expired"],
    refused: [],
    silence: [],
  };
  return fits[entry.told.kind].includes(row.state) ? null : `told ${entry.told.kind}, is ${row.state}`;
}

/** I3: every mail that is owed arrived, and none came again but for a cut between the server's yes and our commit. */
export function checkMails(e: Evidence): Finding[] {
  const arrived = Map.groupBy(e.accepted, (mail) => mail.messageId);
  const kindsOf = new Map<string, Set<string>>();
  for (const mail of e.accepted) {
    const kind = mail.messageId.split("@")[0]?.split(".")[1] ?? "";
    kindsOf.set(mail.to, (kindsOf.get(mail.to) ?? new Set()).add(kind));
  }
  const cancelled = new Set(e.entries.filter((entry) => entry.what === "cancel").map((entry) => entry.email));
  const faultOf = new Map(e.entries.map((entry) => [entry.email, entry.fault]));
  const owed = e.entries.flatMap(({ fault, email, told }): Finding[] => {
    const kind = told.kind === "booked" ? "confirmation" : told.kind === "cancelled" ? "cancellation" : null;
    // Who cancels at once may be spared "you are booked".
    if (kind === null || (kind === "confirmation" && cancelled.has(email))) return [];
    return [{ fault, ok: kindsOf.get(email)?.has(kind) === true, note: `no ${kind} reached ${email}` }];
  });
  const repeats = [...arrived].map(([id, mails]): Finding => {
    const most = 1 + (e.allowed.get(id) ?? 0);
    const times = mails.map((mail) => `${mail.worker} ${new Date(mail.at).toISOString()}`).join(", ");
    const note = `${id} to ${mails[0]?.to} arrived ${mails.length} times (at most ${most}): ${times}`;
    return { fault: faultOf.get(mails[0]?.to ?? "") ?? null, ok: mails.length <= most, note };
  });
  return [...owed, ...repeats];
}

const isAfter = (a: Place, b: Place): boolean => a.tx > b.tx || (a.tx === b.tx && a.seq > b.seq);

/** I5: every watcher heard every event of its clinic once and in order. `faultAt` names the fault of a transaction. */
export function checkLive(e: Evidence, faultAt: (tx: bigint) => string | null): Finding[] {
  return e.watchers.flatMap(({ clinic, name, from, heard }) => {
    const owed = e.events.filter((event) => event.live && event.clinicId === clinic.id && isAfter(event, from));
    const times = new Map<bigint, number>();
    for (const one of heard) times.set(one.seq, (times.get(one.seq) ?? 0) + 1);
    const each = owed.map((event): Finding => {
      const heardTimes = times.get(event.seq) ?? 0;
      const note = `${name} heard ${event.type} ${event.tx}/${event.seq} ${heardTimes} times`;
      return { fault: faultAt(event.tx), ok: heardTimes === 1, note };
    });
    const order = heard.slice(1).map((one, index): Finding => {
      const before = heard[index];
      const ok = before !== undefined && isAfter(one, before);
      return {
        fault: faultAt(one.tx),
        ok,
        note: `${name} heard ${one.tx}/${one.seq} after ${before?.tx}/${before?.seq}`,
      };
    });
    const lost = heard
      .filter((one) => one.type === "resync")
      .map((one): Finding => ({ fault: faultAt(one.tx), ok: false, note: `${name} was told to start over` }));
    return [...each, ...order, ...lost];
  });
}

/** I4: no watcher heard, and no mail told, anything of another clinic. */
export function checkClinics(e: Evidence, slugs: ReadonlyMap<string, string>): Finding[] {
  const bySeq = new Map<bigint, EventRow>(e.events.map((event) => [event.seq, event]));
  const byId = new Map<string, EventRow>(e.events.map((event) => [event.id, event]));
  const clinicOfBooking = new Map(e.bookings.map((row) => [row.id, row.clinicId]));
  const heard = e.watchers.flatMap(({ clinic, name, heard: all }) =>
    all.map((one): Finding => {
      const event = bySeq.get(one.seq);
      const booking = one.bookingId === null ? clinic.id : clinicOfBooking.get(one.bookingId);
      const ok = (event === undefined || event.clinicId === clinic.id) && booking === clinic.id;
      return { fault: null, ok, note: `${name} heard ${one.type} of another clinic` };
    }),
  );
  const mailed = e.accepted.map((mail): Finding => {
    const event = byId.get(mail.messageId.slice(0, 36));
    const slug = slugs.get(event?.clinicId ?? "");
    const ok = slug !== undefined && mail.to.endsWith(`@${slug}.example`) && onlyOf(slug, mail.text, slugs);
    return { fault: null, ok, note: `a mail to ${mail.to} is not ${slug}'s` };
  });
  return [...heard, ...mailed];
}

/** No other clinic's host stands in the mail. */
function onlyOf(slug: string, text: string, slugs: ReadonlyMap<string, string>): boolean {
  return [...slugs.values()].every((other) => other === slug || !text.includes(`${other}.`));
}
