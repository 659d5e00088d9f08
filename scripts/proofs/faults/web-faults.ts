import { setTimeout as pause } from "node:timers/promises";
import type { Part } from "./part.ts";
import { count, type Fault, type Stage, within } from "./stage.ts";
import type { Moment } from "./wire.ts";

/** A patient's own writes carry this actor in their first statement: quoted, or as a bind value of five bytes. */
const byGuest = (begin: string): boolean => begin.includes("'guest'") || begin.includes("\u0005guest");

/** Kills one node at somebody's COMMIT; they ask the other node again under the same key. */
async function killAt(stage: Stage, fault: string, moment: Moment): Promise<void> {
  const node = stage.random.pick(stage.world.webs);
  const struck = stage.world.lineOf(node.name).ambush(byGuest, moment);
  const crowd = stage.patients.crowd(3, { fault, first: node });
  await within(struck, 20_000, "a commit to strike at");
  await node.kill();
  await crowd.stop();
  await node.start();
}

const killedBeforeCommit: Fault = {
  name: "web node killed before COMMIT",
  run: (stage, fault) => killAt(stage, fault, "before commit"),
};

const killedAfterCommit: Fault = {
  name: "web node killed after COMMIT",
  run: (stage, fault) => killAt(stage, fault, "after commit"),
};

const paused: Fault = {
  name: "event reader paused",
  async run(stage, fault) {
    const [node] = stage.world.webs;
    node.freeze();
    // Who was sent to the frozen node asks the other one; the frozen one does its half when it wakes.
    const crowd = stage.patients.crowd(4, { fault, timeoutMs: 1_000 });
    await pause(stage.full ? 12_000 : 2_500);
    node.thaw();
    await crowd.stop();
  },
};

/** What a balancer knows: it asks every node for its health ten times a second and sends people to the well ones. */
function watchReadiness(nodes: readonly Part[]): { well(): Part[]; stop(): Promise<void> } {
  let well = [...nodes];
  let over = false;
  const watching = (async () => {
    for (; !over; await pause(100)) {
      const ready = await Promise.all(nodes.map((node) => node.ready()));
      const now = nodes.filter((_, index) => ready[index]);
      well = now.length > 0 ? now : [...nodes];
    }
  })();
  return {
    well: () => well,
    stop: async () => {
      over = true;
      await watching;
    },
  };
}

const rolling: Fault = {
  name: "rolling restart under load",
  async run(stage, fault) {
    const from = stage.ledger.entries.length;
    const balancer = watchReadiness(stage.world.webs);
    const crowd = stage.patients.crowd(3, { fault, retries: "balancer", well: balancer.well });
    await pause(300);
    for (const node of stage.world.webs) {
      const code = await within(node.terminate(), 30_000, `the end of ${node.name}`);
      count(stage, fault, code === 0, `${node.name} ended with ${code}`);
      await node.start();
    }
    await crowd.stop();
    await balancer.stop();
    for (const entry of stage.ledger.entries.slice(from)) {
      if (entry.fault !== fault) continue;
      const failed = entry.tries.some(
        (one) => one.why !== "ECONNREFUSED" && (one.status === null || one.status >= 500),
      );
      count(stage, fault, !failed, `a request failed: ${JSON.stringify(entry.tries)}`);
    }
  },
};

export const webFaults: Fault[] = [killedBeforeCommit, killedAfterCommit, paused, rolling];
