import type { TenantDb, TenantTx } from "@pulsecal/db";
import type { StoredPatientKey } from "../records/index.ts";
import type { Question } from "./intake.schema.ts";

type Reads = Pick<TenantDb, "$queryRaw">;

/** A service's questions in their order; null when the clinic has no such service. */
export async function findQuestions(db: Reads, clinicId: string, serviceId: string): Promise<Question[] | null> {
  const rows = await db.$queryRaw<{ questions: Question[] }[]>`
    SELECT (SELECT coalesce(json_agg(json_build_object('id', q.id, 'kind', q.kind, 'label', q.label, 'options', q.options,
        'required', q.required) ORDER BY q.position, q.id), '[]')
      FROM app.intake_question q
      WHERE q.clinic_id = ${clinicId}::uuid AND q.service_id = s.id AND q.active) AS "questions"
    FROM app.service s WHERE s.clinic_id = ${clinicId}::uuid AND s.id = ${serviceId}::uuid`;
  return rows[0]?.questions ?? null;
}

/** Waits for whoever else saves this service's questions, until the transaction ends. */
export async function lockQuestionsOf(tx: TenantTx, clinicId: string, serviceId: string): Promise<void> {
  await tx.$queryRaw`
    SELECT id FROM app.service WHERE clinic_id = ${clinicId}::uuid AND id = ${serviceId}::uuid FOR NO KEY UPDATE`;
}

/**
 * Puts new questions in the place of a service's old ones. One that is not asked any more stays as it was, with what was
 * answered to it.
 */
export async function replaceQuestions(
  tx: TenantTx,
  clinicId: string,
  serviceId: string,
  questions: readonly Question[],
): Promise<void> {
  const asked = JSON.stringify(questions.map((question, position) => ({ ...question, position })));
  await tx.$executeRaw`
    UPDATE app.intake_question SET active = false
    WHERE clinic_id = ${clinicId}::uuid AND service_id = ${serviceId}::uuid AND active
      AND NOT id = ANY(${questions.map(({ id }) => id)}::uuid[])`;
  await tx.$executeRaw`
    INSERT INTO app.intake_question (clinic_id, id, service_id, position, kind, label, options, required)
    SELECT ${clinicId}::uuid, r.id, ${serviceId}::uuid, r.position, r.kind, r.label,
      ARRAY(SELECT jsonb_array_elements_text(r.options)), r.required
    FROM jsonb_to_recordset(${asked}::jsonb)
      AS r(id uuid, position int, kind text, label text, options jsonb, required boolean)
    ON CONFLICT (clinic_id, id) DO UPDATE SET position = excluded.position, label = excluded.label,
      options = excluded.options, required = excluded.required`;
}

/** An answer as its row keeps it. */
export type SealedAnswer = { id: string; questionId: string; sealed: Uint8Array<ArrayBuffer> };

/** Keeps what was answered for a booking, in the caller's transaction; nothing changes it afterwards. */
export async function writeAnswers(
  tx: TenantTx,
  clinicId: string,
  bookingId: string,
  answers: readonly SealedAnswer[],
): Promise<void> {
  if (answers.length === 0) return;
  const rows = JSON.stringify(
    // bytes as hex: a list of them does not pass through Prisma
    answers.map(({ id, questionId, sealed }) => ({ id, questionId, sealed: Buffer.from(sealed).toString("hex") })),
  );
  await tx.$executeRaw`
    INSERT INTO app.intake_answer (clinic_id, id, booking_id, question_id, answer_sealed)
    SELECT ${clinicId}::uuid, r.id, ${bookingId}::uuid, r."questionId", decode(r.sealed, 'hex')
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, "questionId" uuid, sealed text)`;
}

/** What was answered for a booking, as it is kept, with the questions as they read now. */
export type StoredAnswers = {
  patientId: string | null;
  key: StoredPatientKey | null;
  answers: (Pick<Question, "label" | "kind"> & { id: string; questionId: string; sealed: Uint8Array })[];
};

/** Null when the clinic has no such booking. */
export async function findAnswers(db: Reads, clinicId: string, bookingId: string): Promise<StoredAnswers | null> {
  type Row = { patientId: string | null; keyVersion: number | null; keyWrapped: Uint8Array | null };
  const [booking] = await db.$queryRaw<Row[]>`
    SELECT b.patient_id AS "patientId", k.version AS "keyVersion", k.wrapped AS "keyWrapped"
    FROM app.booking b LEFT JOIN app.patient_key k ON k.clinic_id = b.clinic_id AND k.id = b.patient_id
    WHERE b.clinic_id = ${clinicId}::uuid AND b.id = ${bookingId}::uuid`;
  if (!booking) return null;
  const answers = await db.$queryRaw<StoredAnswers["answers"]>`
    SELECT a.id, a.question_id AS "questionId", a.answer_sealed AS "sealed", q.label, q.kind
    FROM app.intake_answer a JOIN app.intake_question q ON q.clinic_id = a.clinic_id AND q.id = a.question_id
    WHERE a.clinic_id = ${clinicId}::uuid AND a.booking_id = ${bookingId}::uuid
    ORDER BY q.position, q.id`;
  const { patientId, keyVersion, keyWrapped } = booking;
  return { patientId, key: keyVersion === null ? null : { version: keyVersion, wrapped: keyWrapped }, answers };
}
