import { newId } from "../ids.ts";
import { commitMs, type Scene, scenes, slowName } from "./dirty-scenes.ts";
import type { PoolDoors } from "./pool-doors.ts";
import { startTcpProxy } from "./tcp-proxy.ts";
import type { TestDatabase } from "./test-database.ts";

export type DirtyReport = { scenes: number; tried: number; failures: string[] };

type Bare = { pid: number; clinic: string | null; rows: number };

/**
 * Gives the one connection of a pool a past in every known way, for one clinic, and looks at what the next user of that
 * pool gets: another clinic must see its own patients and no others, a borrower without a clinic nobody's, a connection
 * of unknown state must be gone, and a patient is there exactly if its writer was told so.
 */
export async function dirtyConnections(
  t: TestDatabase,
  rounds: number,
  doorsOf: (t: TestDatabase, url: string) => PoolDoors,
): Promise<DirtyReport> {
  await makeSlowCommits(t);
  const [clinicId, nextId] = [await makeClinicWithPatient(t), await makeClinicWithPatient(t)];
  const proxy = await startTcpProxy(t.url, 0);
  const report: DirtyReport = { scenes: scenes.length, tried: 0, failures: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const scene of scenes) {
        const doors = doorsOf(t, proxy.url);
        const stage = { t, doors, proxy, clinicId, name: newId() };
        const found = await playAndLook(scene, stage, nextId).catch((error: unknown) => [String(error)]);
        report.tried += 1;
        report.failures.push(...found.map((what) => `${scene.name}: ${what}`));
        await doors.close();
      }
    }
  } finally {
    await proxy.close();
  }
  return report;
}

async function playAndLook(scene: Scene, stage: Parameters<Scene["play"]>[0], nextId: string): Promise<string[]> {
  const { t, doors, name } = stage;
  const { pid, told } = await scene.play(stage);
  const found: string[] = [];

  const [bare] = (await doors.bare(
    `SELECT pg_backend_pid() AS pid, current_setting('app.clinic_id', true) AS clinic, (SELECT count(*)::int FROM app.patient) AS rows`,
  )) as Bare[];
  if (bare?.rows !== 0) found.push(`a borrower without a clinic saw ${bare?.rows} patients`);
  if (bare?.clinic) found.push("a borrower without a clinic found one set");
  if (scene.destroyed && bare?.pid === pid) found.push("the connection was used again");

  const seen = await doors.withTx(nextId, (tx) => tx.patient.findMany({ select: { clinicId: true } }));
  if (seen.length !== 1 || seen[0]?.clinicId !== nextId) found.push(`the next clinic saw ${JSON.stringify(seen)}`);

  await quiet(t);
  const [row] = await t.admin("SELECT count(*)::int AS n FROM app.patient WHERE name IN ($1, $2)", [
    name,
    `${slowName} ${name}`,
  ]);
  const stands = row?.["n"] === 1;
  if (told !== "unknown" && stands !== (told === "written")) {
    found.push(`the writer was told "${told}", and the patient is ${stands ? "" : "not "}there`);
  }
  return found;
}

/** Patients whose name says so are checked at commit, and that takes a while. */
async function makeSlowCommits(t: TestDatabase): Promise<void> {
  await t.admin(`CREATE OR REPLACE FUNCTION public.take_a_while() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_catalog.pg_sleep(${commitMs} / 1000.0); RETURN NULL; END $$`);
  await t.admin("DROP TRIGGER IF EXISTS take_a_while ON app.patient");
  await t.admin(`CREATE CONSTRAINT TRIGGER take_a_while AFTER INSERT ON app.patient DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (new.name LIKE '${slowName} %') EXECUTE FUNCTION public.take_a_while()`);
}

async function makeClinicWithPatient(t: TestDatabase): Promise<string> {
  const clinicId = newId();
  await t.admin("INSERT INTO platform.clinic (id, slug, name) VALUES ($1, $2, 'Dirty')", [
    clinicId,
    `dirty-${clinicId.slice(-12)}`,
  ]);
  await t.admin("INSERT INTO app.patient (clinic_id, id, name) VALUES ($1, $2, 'Kept')", [clinicId, newId()]);
  return clinicId;
}

/** Waits until no session of these pools is inside a transaction: a dropped one ends when the server notices. */
async function quiet(t: TestDatabase): Promise<void> {
  const giveUp = Date.now() + 10_000;
  const busy = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pulsecal-dirty'
    AND (state <> 'idle' OR backend_xid IS NOT NULL)`;
  while ((await t.admin(busy)).length > 0) {
    if (Date.now() > giveUp) throw new Error("a transaction stays open");
  }
}
