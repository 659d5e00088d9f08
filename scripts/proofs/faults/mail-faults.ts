import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Fault, within } from "./stage.ts";

const outage: Fault = {
  name: "mail server outage",
  async run(stage, fault) {
    const { sink } = stage.world;
    await sink.goDown();
    const crowd = stage.patients.crowd(3, { fault });
    await pause(stage.full ? 10_000 : 1_500);
    await crowd.stop();
    await sink.comeBack();
  },
};

const slowAndRefusing: Fault = {
  name: "mail server slow and refusing for now",
  async run(stage, fault) {
    const { sink } = stage.world;
    sink.slow(250);
    sink.refuseFor(8);
    const crowd = stage.patients.crowd(3, { fault });
    await pause(stage.full ? 10_000 : 1_500);
    await crowd.stop();
    sink.slow(0);
    sink.refuseFor(0);
  },
};

/** The yes never comes: the worker cannot know that the mail arrived, so it may come once more. */
const silentAfterAccept: Fault = {
  name: "mail server silent after it accepted",
  async run(stage, fault) {
    const { patients, world } = stage;
    const tag = `unheard-${randomUUID().slice(0, 8)}-`;
    const holding = world.sink.hold(tag, "hang");
    const entry = await patients.book(patients.slot(), { fault, tag });
    await within(holding, 30_000, "the mail whose acceptance is not told");
    const mail = world.sink.accepted.find(({ to }) => to === entry.email);
    if (mail) stage.allowed.set(mail.messageId, (stage.allowed.get(mail.messageId) ?? 0) + 1);
  },
};

export const mailFaults: Fault[] = [silentAfterAccept, slowAndRefusing, outage];
