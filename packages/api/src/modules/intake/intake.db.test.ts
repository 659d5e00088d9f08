import { randomUUID } from "node:crypto";
import { makeBooking, makeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTx } from "../../infra/in-tx.ts";
import { type BookingWorld, bookingWorld, guestOf, outcome } from "../booking/testing/booking-world.ts";
import { putPatients, sealContact, sealDependant, shredPatient } from "../records/index.ts";
import { checkedAnswers, sealAnswers } from "./checked-answers.ts";
import { writeAnswers } from "./intake.repo.ts";
import type { GivenAnswers, QuestionsSaveInput } from "./intake.schema.ts";
import { questionsOf, saveQuestions } from "./questions.ts";
import { readAnswers } from "./read-answers.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

type Asked = QuestionsSaveInput["questions"][number];
const knee: Asked = { kind: "choice", label: "Which knee?", options: ["Left", "Right"], required: true };
const pills: Asked = { kind: "text", label: "Which pills?", options: [], required: false };

async function save(questions: Asked[], over: Partial<QuestionsSaveInput> = {}) {
  const { serviceId } = world.clinic;
  const { version } = await questionsOf(world.work, serviceId);
  return saveQuestions(world.work, { serviceId, questions, version, key: randomUUID(), ...over });
}

describe("the questions of a service", () => {
  test("are asked in the order they were saved, and one left out is not asked any more", async () => {
    const saved = await save([knee, pills]);
    expect((await questionsOf(world.work, world.clinic.serviceId)).questions).toEqual(saved.questions);
    const [first, second] = saved.questions;
    const after = await save([{ ...pills, id: second?.id ?? "" }]);
    expect(after.questions).toEqual([second]);
    expect(await world.t.admin("SELECT active FROM app.intake_question WHERE id = $1", [first?.id])).toEqual([
      { active: false },
    ]);
  });

  test("keep their id with new words; another kind is another question", async () => {
    const { questions } = await save([pills]);
    const id = questions[0]?.id ?? "";
    expect((await save([{ ...pills, id, label: "Which tablets?" }])).questions[0]).toMatchObject({
      id,
      label: "Which tablets?",
    });
    const other = (await save([{ ...pills, id, kind: "date" }])).questions[0];
    expect(other?.id).not.toBe(id);
  });

  test("are saved once under one key, and not over what somebody else saved since", async () => {
    const { version } = await questionsOf(world.work, world.clinic.serviceId);
    const key = randomUUID();
    const first = await save([knee], { version, key });
    expect(await save([knee], { version, key })).toEqual(first);
    expect(await outcome(save([pills], { version, key }))).toBe("key_reused");
    expect(await outcome(save([pills], { version }))).toBe("changed_meanwhile");
  });

  test("are not another clinic's to read or save, nor may they borrow one of theirs", async () => {
    const other = guestOf(world.s, await makeClinic(world.t));
    const { serviceId } = world.clinic;
    expect(await outcome(questionsOf(other, serviceId))).toBe("not_found");
    const input = { serviceId, questions: [knee], version: "none", key: randomUUID() };
    expect(await outcome(saveQuestions(other, input))).toBe("not_found");
    expect(await outcome(save([{ ...knee, id: randomUUID() }]))).toBe("not_found");
  });

  test("count as a change of the clinic's rules, so that facts known before are not written on", async () => {
    const version = () =>
      world.t.admin("SELECT rules_version AS v FROM platform.clinic WHERE id = $1", [world.clinic.clinicId]);
    const before = await version();
    await save([knee, pills]);
    expect(await version()).not.toEqual(before);
  });
});

let bookings = 0;

/** A booking with a patient whose key is known, and what they answered. */
async function answered(given: (ids: string[]) => GivenAnswers) {
  const { clinic, work, t } = world;
  const { questions } = await save([knee, pills]);
  const key = await work.s.vault.clinicKey(clinic.clinicId);
  const { bookingId } = await makeBooking(t, clinic, { startsAt: new Date(Date.now() + ++bookings * 3_600_000) });
  const guardian = sealContact(key, { name: "Nomsa Dube", email: "nomsa@people.example", phone: null });
  const child = sealDependant(key, { guardianId: guardian.row.id, name: "Sipho Dube" });
  await inTx(work, async (tx) => {
    await putPatients(tx, clinic.clinicId, [child.row, guardian.row]);
    const at = { clinicId: clinic.clinicId, serviceId: clinic.serviceId };
    const checked = await checkedAnswers(tx, at, given(questions.map(({ id }) => id)), { by: "patient" });
    await writeAnswers(tx, clinic.clinicId, bookingId, sealAnswers(child.key, checked));
  });
  await t.admin("UPDATE app.booking SET patient_id = $2 WHERE id = $1", [bookingId, child.row.id]);
  return { bookingId, child: child.row.id, guardian: guardian.row.id };
}

const both = ([kneeId = "", pillsId = ""]: string[]) => [
  { questionId: kneeId, answer: "Left" },
  { questionId: pillsId, answer: "canary pills" },
];

describe("what was answered", () => {
  test("opens for staff in the order of the questions, and every reading leaves an audit row", async () => {
    const { bookingId, child } = await answered(both);
    const read = await readAnswers(world.work, bookingId);
    expect(read.erased).toBe(false);
    expect(read.answers.map(({ label, answer }) => [label, answer])).toEqual([
      ["Which knee?", "Left"],
      ["Which pills?", "canary pills"],
    ]);
    await readAnswers(world.work, bookingId);
    expect(await world.t.admin("SELECT action, detail FROM app.audit_log WHERE entity_id = $1", [bookingId])).toEqual(
      Array.from({ length: 2 }, () => ({ action: "answers.read", detail: { patientId: child, answers: 2 } })),
    );
  });

  test("stands nowhere in the clear", async () => {
    const { bookingId } = await answered(both);
    const [row] = await world.t.admin(
      "SELECT string_agg(encode(answer_sealed, 'escape'), ' ') AS all FROM app.intake_answer WHERE booking_id = $1",
      [bookingId],
    );
    expect(row?.["all"]).toBeTypeOf("string");
    expect(row?.["all"]).not.toContain("canary");
  });

  test("is erased with a dependant's key, without the guardian's", async () => {
    const { bookingId, child } = await answered(both);
    await shredPatient(world.work, child);
    expect(await readAnswers(world.work, bookingId)).toEqual({ erased: true, answers: [] });
  });

  test("that lacks what is required is refused by the name of its field", async () => {
    await expect(answered(([, pillsId = ""]) => [{ questionId: pillsId, answer: "one" }])).rejects.toMatchObject({
      cause: { code: "invalid", detail: { fields: [{ issue: "missing" }] } },
    });
  });

  test("is not another clinic's to read", async () => {
    const { bookingId } = await answered(both);
    const other = guestOf(world.s, await makeClinic(world.t));
    expect(await outcome(readAnswers(other, bookingId))).toBe("not_found");
  });
});

test("a dependant is a patient without a contact, whose guardian has one", async () => {
  const { child, guardian } = await answered(both);
  const rows = await world.t.admin(
    "SELECT id, guardian_id AS guardian, email_sealed IS NULL AS silent FROM app.patient WHERE id IN ($1, $2) ORDER BY guardian_id NULLS FIRST",
    [child, guardian],
  );
  expect(rows).toEqual([
    { id: guardian, guardian: null, silent: false },
    { id: child, guardian, silent: true },
  ]);
});
