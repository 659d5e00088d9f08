import { queueName, queuePrefix } from "@pulsecal/api/worker";
import type { Stage } from "./stage.ts";
import { hashOf } from "./evidence.ts";

// The short form has no minute to wait for a dead worker's lease or a lost queue, so it moves those clocks: the rows and
// keys then look as they do after the wait. The full form waits.

/** The product's prefix of Redis keys; see createServices. */
const PREFIX = `${queuePrefix("pulsecal")}:${queueName}`;
const MINUTE = "interval '61 seconds'";

export type HeldJob = { id: string; holder: string };

/** The jobs in hand, and which worker's. */
export async function jobsInHand(stage: Stage): Promise<HeldJob[]> {
  const redis = stage.world.redis();
  const ids = await redis.lrange(`${PREFIX}:active`, 0, -1);
  return Promise.all(
    ids.map(async (id) => ({ id, holder: ((await redis.get(`${PREFIX}:${id}:lock`)) ?? "").split(":")[0] ?? "" })),
  );
}

/** Of these jobs, those in the same hand as the mail about this booking. */
export async function heldWith(stage: Stage, token: string, jobs: HeldJob[]): Promise<string[]> {
  const [event] = await stage.world.admin<{ id: string }>(
    `SELECT e.id FROM app.event e JOIN app.booking b ON b.clinic_id = e.clinic_id AND b.id = (e.payload->>'bookingId')::uuid
     WHERE e.type = 'booking.confirmed' AND b.token_hash = $1`,
    [hashOf(token)],
  );
  const holder = jobs.find((job) => event && job.id.startsWith(event.id))?.holder;
  return jobs.filter((job) => job.holder === holder && holder !== "").map((job) => job.id);
}

/** A killed worker's locks and leases run out, and the check for stalled jobs has seen them once. */
export async function moveClocksOfDead(stage: Stage, jobIds: string[]): Promise<void> {
  if (stage.full || jobIds.length === 0) return;
  const redis = stage.world.redis();
  for (const id of jobIds) {
    await redis.del(`${PREFIX}:${id}:lock`);
    await redis.sadd(`${PREFIX}:stalled`, id);
  }
  await redis.del(`${PREFIX}:stalled-check`);
  const effects = jobIds.map((id) => ({ event: id.slice(0, 36), kind: id.slice(37) }));
  await stage.world.admin(
    `UPDATE app.delivery d SET attempt_at = attempt_at - ${MINUTE}
     FROM unnest($1::uuid[], $2::text[]) AS dead(event_id, kind)
     WHERE d.event_id = dead.event_id AND d.kind = dead.kind AND d.state = 'queued'`,
    [effects.map((effect) => effect.event), effects.map((effect) => effect.kind)],
  );
}

/** Events offered and not done are old enough to be offered again; a job that exists is not doubled by it. */
export async function moveClocksOfUndone(stage: Stage): Promise<void> {
  if (stage.full) return;
  await stage.world.admin(
    `UPDATE app.event SET relayed_at = relayed_at - ${MINUTE}
     WHERE done_at IS NULL AND relayed_at > now() - ${MINUTE} AND relayed_at < now() - interval '1 second'`,
  );
  // A lease nobody stands behind: no conversation with the sink is open, and its attempt began long before that.
  if (stage.world.sink.open() > 0) return;
  await stage.world.admin(
    `UPDATE app.delivery SET attempt_at = attempt_at - ${MINUTE}
     WHERE state = 'queued' AND attempt_at < now() - interval '5 seconds' AND attempt_at > now() - ${MINUTE}`,
  );
}

/** Holds that nobody confirmed have run out. */
export async function moveClocksOfHolds(stage: Stage): Promise<void> {
  await stage.world.admin(
    `WITH due AS (
       UPDATE app.booking SET hold_expires_at = now() - interval '1 second' WHERE state = 'held' RETURNING clinic_id, id
     ), occupied AS (
       UPDATE app.occupancy o SET hold_expires_at = now() - interval '1 second'
       FROM due WHERE o.clinic_id = due.clinic_id AND o.booking_id = due.id
     )
     UPDATE app.event e SET not_before = now()
     FROM due WHERE e.clinic_id = due.clinic_id AND e.type = 'booking.hold_due' AND e.payload->>'bookingId' = due.id::text
       AND e.relayed_at IS NULL`,
  );
}
