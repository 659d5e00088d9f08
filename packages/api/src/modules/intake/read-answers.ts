import { inTx, type Work } from "../../infra/in-tx.ts";
import { refuse } from "../../trpc/error-map.ts";
import { audit } from "../audit/index.ts";
import { openAnswer, patientKeyOf } from "../records/index.ts";
import { findAnswers } from "./intake.repo.ts";
import type { ReadAnswers } from "./intake.schema.ts";
import type { Answer } from "./understand-answer.ts";

/** What a patient answered when they booked. Reading it leaves an audit row, whatever there was to read. */
export async function readAnswers(work: Work, bookingId: string): Promise<ReadAnswers> {
  const { clinicId } = work;
  const clinic = await work.s.vault.clinicKey(clinicId);
  return inTx(work, async (tx) => {
    const stored = await findAnswers(tx, clinicId, bookingId);
    if (!stored) throw refuse("not_found");
    const { patientId, key, answers } = stored;
    await audit(tx, work, {
      action: "answers.read",
      entity: "booking",
      entityId: bookingId,
      detail: { patientId, answers: answers.length },
    });
    const opened = patientId !== null && key !== null ? patientKeyOf(clinic, patientId, key) : null;
    if (!opened) return { erased: answers.length > 0, answers: [] };
    return {
      erased: false,
      answers: answers.map(({ id, questionId, label, kind, sealed }) => ({
        questionId,
        label,
        kind,
        // sealed by sealAnswers, so it is one of the three types
        answer: JSON.parse(openAnswer(opened, id, sealed)) as Answer,
      })),
    };
  });
}
