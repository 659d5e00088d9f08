import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { openQueue } from "@pulsecal/api/worker";
import { newId } from "@pulsecal/db";
import { heldWith, type HeldJob, jobsInHand, moveClocksOfDead } from "./clocks.ts";
import type { Entry } from "./ledger.ts";
import type { Part } from "./part.ts";
import type { Held, Point } from "./sink.ts";
import { count, eventually, type Fault, noteWindow, type Stage, within } from "./stage.ts";

const SOON_MS = 30_000;

/** Who sends mail for the system is named in the first statement of each of its transactions. */
const byNotices = (begin: string): boolean => begin.includes("system:notifications");

type Caught = { probe: Entry; held: Held; worker: Part; jobs: HeldJob[] };

/** Books for one marked patient and catches the worker that brings the mail at that point. */
async function catchMail(stage: Stage, fault: string, point: Point): Promise<Caught> {
  const { world, patients } = stage;
  const tag = `marked-${randomUUID().slice(0, 8)}-`;
  const holding = world.sink.hold(tag, point);
  const probe = await patients.book(patients.slot(), { fault, tag });
  const held = await within(holding, SOON_MS, `the mail to ${probe.email}`);
  const worker = world.workers.find(({ name }) => name === held.worker) ?? world.workers[0];
  return { probe, held, worker, jobs: await jobsInHand(stage) };
}

/** Kills the worker that holds the mail, and has it started again as a supervisor would. */
async function killHolder(stage: Stage, caught: Caught): Promise<void> {
  const { probe, worker, jobs } = caught;
  await worker.kill();
  await noteWindow(stage, worker.name);
  const left = probe.told.kind === "booked" ? await heldWith(stage, probe.told.token, jobs) : [];
  await moveClocksOfDead(stage, left);
  await worker.start();
}

async function someBookings(stage: Stage, fault: string, many: number): Promise<void> {
  const { patients } = stage;
  await Promise.all(Array.from({ length: many }, () => patients.book(patients.slot(), { fault })));
}

const killedBeforeSend: Fault = {
  name: "worker killed before the mail is sent",
  async run(stage, fault) {
    const crowd = someBookings(stage, fault, 4);
    const kept = stage.patients.holdOnly(stage.patients.slot(), { fault });
    const caught = await catchMail(stage, fault, "recipient");
    await Promise.all([crowd, kept]);
    await killHolder(stage, caught);
  },
};

const killedBeforeCommit: Fault = {
  name: "worker killed after the send, before its commit",
  async run(stage, fault) {
    const caught = await catchMail(stage, fault, "accepted");
    const line = stage.world.lineOf(caught.worker.name);
    const struck = line.ambush(byNotices, "before commit");
    caught.held.goOn();
    await within(struck, SOON_MS, "the commit after the send");
    await killHolder(stage, caught);
    await someBookings(stage, fault, 3);
  },
};

const killedAfterCommit: Fault = {
  name: "worker killed after its commit",
  async run(stage, fault) {
    // Alone, so that the commit caught is this mail's.
    await eventually(async () => stage.world.sink.open() === 0, 5_000);
    const caught = await catchMail(stage, fault, "accepted");
    const line = stage.world.lineOf(caught.worker.name);
    const struck = line.ambush(byNotices, "after commit");
    caught.held.goOn();
    await within(struck, SOON_MS, "the answer to the commit after the send");
    await killHolder(stage, caught);
    await someBookings(stage, fault, 3);
  },
};

const blocked: Fault = {
  name: "worker blocked while it sends",
  async run(stage, fault) {
    const caught = await catchMail(stage, fault, "recipient");
    caught.worker.freeze();
    const others = someBookings(stage, fault, 4);
    await pause(stage.full ? 40_000 : 2_500);
    caught.held.goOn();
    caught.worker.thaw();
    await others;
  },
};

const poisoned: Fault = {
  name: "poison jobs",
  async run(stage, fault) {
    const { world } = stage;
    const [ours, theirs] = world.clinics;
    const [foreign] = await world.admin<{ id: string }>(
      "SELECT id FROM app.event WHERE clinic_id = $1 AND type = 'booking.confirmed' LIMIT 1",
      [theirs.id],
    );
    const broken = newId();
    await world.admin(
      "INSERT INTO app.event (clinic_id, id, type, payload, live) VALUES ($1, $2, 'booking.confirmed', '{}', false)",
      [ours.id, broken],
    );
    stage.poison.add(broken);
    const bad = [
      { name: "no_such_effect", data: { eventId: newId(), clinicId: ours.id } },
      { name: "confirmation", data: { eventId: newId(), clinicId: ours.id } },
      { name: "confirmation", data: { eventId: foreign?.id ?? newId(), clinicId: ours.id } },
      { name: "confirmation", data: { eventId: "x".repeat(5_000) } },
      { name: "cancellation", data: null },
    ];
    const queue = openQueue(world.redis(), "pulsecal");
    // What a stranger with access to Redis could add does not follow our types.
    const added = await queue.addBulk(bad.map((job) => ({ ...job, opts: { attempts: 8 } })) as never);
    const ids = [...added.map((job) => job.id ?? ""), `${broken}-confirmation`];
    await someBookings(stage, fault, 4);
    for (const id of ids) {
      const dead = await eventually(async () => (await (await queue.getJob(id))?.isFailed()) === true, SOON_MS);
      const tries = (await queue.getJob(id))?.attemptsMade ?? 0;
      count(stage, fault, dead && tries <= 8, `job ${id.slice(0, 50)} is not dead after ${tries} attempts`);
    }
    for (const job of added) await job.remove();
    await queue.close();
  },
};

export const workerFaults: Fault[] = [killedBeforeSend, killedBeforeCommit, killedAfterCommit, blocked, poisoned];
