import { createHash } from "node:crypto";
import { newId } from "@pulsecal/db";
import { inTenant, inTx, type Work } from "../../infra/in-tx.ts";
import { announce } from "../../infra/outbox.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { findAnswer, hashInput, onceMoreOnKeyRace, replay, storeAnswer } from "../scheduling/index.ts";
import { findQuestions, lockQuestionsOf, replaceQuestions } from "./intake.repo.ts";
import type { Question, QuestionsSaveInput, StaffQuestions } from "./intake.schema.ts";

/** What a service asks of those who book it. */
export async function questionsOf(work: Work, serviceId: string): Promise<StaffQuestions> {
  return withVersion(found(await inTenant(work, (db) => findQuestions(db, work.clinicId, serviceId))));
}

/** Says what a service asks from now on, unless somebody else has saved since it was read. */
export function saveQuestions(work: Work, input: QuestionsSaveInput): Promise<StaffQuestions> {
  const { clinicId } = work;
  const { serviceId, key } = input;
  const inputHash = hashInput(work.s.env.secret, "questions.save", input);
  return onceMoreOnKeyRace(() =>
    inTx(work, async (tx) => {
      await lockQuestionsOf(tx, clinicId, serviceId);
      const before = found(await findQuestions(tx, clinicId, serviceId));
      if (replay(await findAnswer(tx, clinicId, key), inputHash)) return withVersion(before);
      if (withVersion(before).version !== input.version) throw refuse("changed_meanwhile");
      const asked = input.questions.map((question) => identified(question, before));
      await replaceQuestions(tx, clinicId, serviceId, asked);
      const saved = withVersion(asked);
      await announce(tx, { clinicId, type: "service.changed", payload: { serviceId } });
      await audit(tx, work, {
        action: "questions.saved",
        entity: "service",
        entityId: serviceId,
        detail: { questions: asked.length, from: input.version, to: saved.version },
      });
      await storeAnswer(tx, clinicId, { key, inputHash, answer: { version: saved.version } });
      return saved;
    }),
  );
}

/**
 * A question under the id it keeps. One whose kind changes is a new question: what was answered to the old one would not
 * be of its type any more.
 */
function identified(question: QuestionsSaveInput["questions"][number], before: readonly Question[]): Question {
  const { id, ...rest } = question;
  if (id === undefined) return { ...rest, id: newId() };
  const known = before.find((other) => other.id === id);
  if (!known) throw refuse("not_found");
  return { ...rest, id: known.kind === rest.kind ? id : newId() };
}

function withVersion(questions: Question[]): StaffQuestions {
  const said = JSON.stringify(
    questions.map(({ id, kind, label, options, required }) => [id, kind, label, options, required]),
  );
  return { questions, version: createHash("sha256").update(said).digest("base64url").slice(0, 22) };
}

function found(questions: Question[] | null): Question[] {
  if (!questions) throw refuse("not_found");
  return questions;
}
