import { newId } from "@pulsecal/db";
import pg from "pg";
import { checkAnswers, checkClinics, checkLive, checkMails, failures } from "./checks.ts";
import { type Evidence, gather } from "./evidence.ts";
import type { Accepted } from "./sink.ts";
import { eventually, readTimes, type Stage, wakeReaders } from "./stage.ts";
import type { Place } from "./watchers.ts";
import type { Clinic } from "./world.ts";

/** Whether each family of checks turns red when what it guards against is done on purpose. */
export type Controls = {
  answers: boolean;
  mails: boolean;
  live: boolean;
  clinics: boolean;
  overlaps: boolean;
  stuck: boolean;
  heal: boolean;
  restart: boolean;
};

/** A reader as one would first write it: everything with a higher number than the last one seen. */
export type NaiveReader = Evidence["watchers"][number];

/**
 * Lets two transactions commit in the other order than they took their numbers, before the eyes of the watchers and of a
 * naive reader. The watchers' share of it is checked with everything else they heard.
 */
export async function commitOutOfOrder(stage: Stage): Promise<NaiveReader> {
  const { world } = stage;
  const clinic = world.clinics[1];
  const from = await lastPlace(stage, clinic);
  const reader: NaiveReader = { clinic, name: "naive reader", from, heard: [] };
  const early = new pg.Client({ connectionString: world.adminUrl });
  await early.connect();
  try {
    await early.query("BEGIN");
    await early.query(INSERT_EVENT, [clinic.id, newId(), clinic.doctors[0]]);
    await world.admin(INSERT_EVENT, [clinic.id, newId(), clinic.doctors[0]]);
    await readNaively(stage, reader);
    await early.query("COMMIT");
  } finally {
    await early.end();
  }
  await readNaively(stage, reader);
  await wakeReaders(stage, clinic.id);
  return reader;
}

const INSERT_EVENT = `INSERT INTO app.event (clinic_id, id, type, payload)
  VALUES ($1, $2, 'hours.changed', jsonb_build_object('resourceId', $3::text))`;

async function readNaively(stage: Stage, reader: NaiveReader): Promise<void> {
  const last = reader.heard.at(-1)?.seq ?? reader.from.seq;
  const rows = await stage.world.admin<{ tx: string; seq: string; type: string }>(
    "SELECT tx::text, seq::text, type FROM app.event WHERE clinic_id = $1 AND live AND seq > $2 ORDER BY seq",
    [reader.clinic.id, last.toString()],
  );
  for (const row of rows)
    reader.heard.push({ tx: BigInt(row.tx), seq: BigInt(row.seq), type: row.type, bookingId: null });
}

async function lastPlace(stage: Stage, clinic: Clinic): Promise<Place> {
  const [last] = await stage.world.admin<{ tx: string; seq: string }>(
    "SELECT tx::text, seq::text FROM app.event WHERE clinic_id = $1 AND live ORDER BY seq DESC LIMIT 1",
    [clinic.id],
  );
  return { tx: BigInt(last?.tx ?? 0), seq: BigInt(last?.seq ?? 0) };
}

/** Breaks each thing on purpose and asks the checks. The world is not used after this. */
export async function runControls(stage: Stage, evidence: Evidence, naive: NaiveReader): Promise<Controls> {
  const answers = failures(checkAnswers(await undone(stage, evidence, [loseOneBooking(evidence)]))).length > 0;
  const overlapping = await undone(stage, evidence, DOUBLE_BOOK);
  const stuck = await undone(stage, evidence, [STUCK]);
  const live = failures(checkLive({ ...evidence, watchers: [naive] }, () => null)).length > 0;
  const owed = mailThatIsOwed(stage, evidence);
  const lost = failures(checkMails({ ...evidence, accepted: evidence.accepted.filter((mail) => mail !== owed) }));
  const foreign = evidence.events.filter((event) => event.clinicId === stage.world.clinics[1].id).slice(0, 1);
  const eavesdropper = { ...naive, clinic: stage.world.clinics[0], heard: foreign };
  const leaked = failures(checkClinics({ ...evidence, watchers: [eavesdropper] }, new Map())).length > 0;
  return {
    answers,
    live,
    overlaps: overlapping.overlaps > 0,
    stuck: stuck.stuck.length > 0,
    clinics: leaked,
    mails: lost.length > 0 && owed !== undefined && (await forgetThatItWasSent(stage, evidence, owed)),
    heal: await askWhileDown(stage),
    restart: await killInsteadOfStop(stage),
  };
}

/** The evidence after these statements, which are then rolled back. */
async function undone(stage: Stage, evidence: Evidence, statements: string[]): Promise<Evidence> {
  const client = new pg.Client({ connectionString: stage.world.adminUrl });
  await client.connect();
  try {
    await client.query("BEGIN");
    for (const statement of statements) await client.query(statement);
    return await gather(async (sql, params) => (await client.query(sql, params)).rows, evidence, stage.poison);
  } finally {
    await client.query("ROLLBACK");
    await client.end();
  }
}

function loseOneBooking(evidence: Evidence): string {
  const told = evidence.bookings.find((row) => row.state === "confirmed");
  // Replica: the rows that point at it stay, as they would after a lost page.
  return `SET LOCAL session_replication_role = replica; DELETE FROM app.booking WHERE id = '${told?.id}'`;
}

const DOUBLE_BOOK = [
  "ALTER TABLE app.occupancy DROP CONSTRAINT occupancy_no_overlap",
  `INSERT INTO app.occupancy (clinic_id, id, resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state)
   SELECT clinic_id, gen_random_uuid(), resource_id, booking_id, starts_at, ends_at, blocked_from, blocked_to, state
   FROM app.occupancy WHERE state = 'booked' LIMIT 1`,
];

const STUCK = `UPDATE app.event SET done_at = NULL
  WHERE id = (SELECT id FROM app.event WHERE done_at IS NOT NULL AND type = 'booking.confirmed' LIMIT 1)`;

/** A confirmation that arrived once, of a booking nobody cancelled. */
function mailThatIsOwed(stage: Stage, { entries, accepted }: Evidence): Accepted | undefined {
  const cancelled = new Set(entries.filter(({ what }) => what === "cancel").map(({ email }) => email));
  const booked = new Set(entries.filter(({ told }) => told.kind === "booked").map(({ email }) => email));
  return accepted.find(({ messageId, to }) => booked.has(to) && !cancelled.has(to) && !stage.allowed.has(messageId));
}

/** Takes away what the worker knows of a mail it has sent: it sends it again, and the check has to see that. */
async function forgetThatItWasSent(stage: Stage, evidence: Evidence, single: Accepted): Promise<boolean> {
  const { admin, sink, clinics } = stage.world;
  const eventId = single.messageId.slice(0, 36);
  await admin("DELETE FROM app.inbox WHERE event_id = $1", [eventId]);
  await admin("DELETE FROM app.delivery WHERE event_id = $1", [eventId]);
  await admin("UPDATE app.event SET relayed_at = NULL, done_at = NULL WHERE id = $1", [eventId]);
  for (const clinic of clinics) await wakeReaders(stage, clinic.id);
  const times = (): number => sink.accepted.filter((mail) => mail.messageId === single.messageId).length;
  await eventually(async () => times() > 1, 15_000);
  return failures(checkMails({ ...evidence, accepted: [...sink.accepted] })).length > 0;
}

/** A node whose database is away must not look healed. */
async function askWhileDown(stage: Stage): Promise<boolean> {
  const [node] = stage.world.webs;
  const line = stage.world.lineOf(node.name);
  line.goDown();
  const reply = await readTimes(stage, node);
  line.restore();
  return reply.status !== 200;
}

/** A node that is killed where it should be asked to stop fails somebody's request. */
async function killInsteadOfStop(stage: Stage): Promise<boolean> {
  const { webs } = stage.world;
  const node = webs[1];
  stage.world.lineOf(node.name).delay(40); // so that requests are under way
  const how = { fault: "control", first: node, retries: "balancer" as const };
  const { patients } = stage;
  const asked = Promise.all(Array.from({ length: 6 }, () => patients.book(patients.slot(), how)));
  await eventually(async () => stage.world.lineOf(node.name).connections() > 0, 5_000);
  await node.kill();
  return (await asked).some((entry) => entry.told.kind === "silence");
}
