import { createHash } from "node:crypto";
import type { DayWindow, Rules } from "@pulsecal/core";
import { inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { findHours, replaceHours, type StoredHours } from "./hours.repo.ts";
import { inOneFlight, lockResources } from "./resource-lock.ts";
import type { Hours, HoursSaveInput } from "./scheduling.schema.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "./stored-answers.ts";

/** A practitioner's hours with the version to save them under. */
export async function getHours(work: Work, practitionerId: string): Promise<Hours> {
  const stored = await inTenant(work, (db) => findHours(db, work.clinicId, practitionerId));
  if (!stored) throw refuse("not_found");
  return withVersion(stored);
}

/** Replaces a practitioner's hours, unless somebody else saved since they were read. Bookings queue behind it. */
export function saveHours(work: Work, input: HoursSaveInput): Promise<Hours> {
  const inputHash = hashInput(work.s.env.secret, "hours.save", input);
  const rules = tidy(input);
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      const { clinicId } = work;
      await lockResources(tx, clinicId, [input.practitionerId]);
      const [stored, before] = await inOneFlight([
        findAnswer<{ version: string }>(tx, clinicId, input.key),
        findHours(tx, clinicId, input.practitionerId),
      ]);
      if (!before) throw refuse("not_found");
      if (replay(stored, inputHash)) return withVersion(before);
      if (withVersion(before).version !== input.version) throw refuse("changed_meanwhile");
      await replaceHours(tx, clinicId, input.practitionerId, rules);
      const after = await findHours(tx, clinicId, input.practitionerId);
      const saved = withVersion(after ?? { ...rules, leaveCount: before.leaveCount });
      await inOneFlight([
        announce(tx, { clinicId, type: "hours.changed", payload: { resourceId: input.practitionerId } }),
        audit(tx, work, {
          action: "hours.saved",
          entity: "practitioner",
          entityId: input.practitionerId,
          detail: {
            windows: rules.weekly.length,
            overrides: rules.overrides.length,
            from: input.version,
            to: saved.version,
          },
        }),
        storeAnswer(tx, clinicId, { key: input.key, inputHash, answer: { version: saved.version } }),
      ]);
      return saved;
    }),
  );
}

/** Windows in order, each date once: what is stored is what is compared later. */
export function tidy(input: Rules): Rules {
  const dates = new Set(input.overrides.map((override) => override.date));
  if (dates.size !== input.overrides.length)
    throw refuse("invalid", { fields: [{ path: "overrides", issue: "a date stands there twice" }] });
  const byTime = (a: DayWindow, b: DayWindow) => a.from - b.from || a.to - b.to;
  return {
    weekly: [...input.weekly].sort((a, b) => a.weekday - b.weekday || byTime(a, b)),
    overrides: input.overrides
      .map((override) => ({ date: override.date, windows: [...override.windows].sort(byTime) }))
      .sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}

function withVersion(hours: StoredHours): Hours {
  const { weekly, overrides } = tidy(hours);
  const said = JSON.stringify([
    weekly.map(({ weekday, from, to }) => [weekday, from, to]),
    overrides.map(({ date, windows }) => [date, windows.map(({ from, to }) => [from, to])]),
  ]);
  return {
    weekly,
    overrides,
    leaveCount: hours.leaveCount,
    version: createHash("sha256").update(said).digest("base64url").slice(0, 22),
  };
}
