import { randomBytes, randomUUID } from "node:crypto";
import { makeClinic } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf } from "../../../trpc/error-map.ts";
import { questionsOf, saveQuestions } from "../../intake/questions.ts";
import { confirmBooking } from "../take/confirm-booking.ts";
import { holdTime } from "../take/hold-time.ts";
import { addDoctor, at, type BookingWorld, bookingWorld, guestOf, holdInput } from "../testing/booking-world.ts";
import { confirmFamily } from "./confirm-family.ts";
import type { FamilyConfirmInput } from "./sets.schema.ts";
import { takeFamily } from "./take-family.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

const people = (token: string, ...names: string[]): FamilyConfirmInput => ({
  token,
  people: names.map((name) => ({ name })),
  email: "nomsa@people.example",
  phone: undefined,
  reason: undefined,
  key: randomUUID(),
});

test("a family is asked what the clinic requires of everybody, and told whose answer is missing", async () => {
  const { t } = world;
  const clinic = await makeClinic(t);
  const own = guestOf(world.s, clinic);
  const { serviceId } = clinic;
  const { version } = await questionsOf(own, serviceId);
  const ask = (label: string, required: boolean) => ({ kind: "yes_no" as const, label, options: [], required });
  const asked = [ask("Any allergies?", true), ask("Do you smoke?", false)];
  const { questions } = await saveQuestions(own, { serviceId, questions: asked, version, key: randomUUID() });
  const questionId = questions[0]?.id ?? "";
  const { token } = await holdTime(own, holdInput(clinic, at(3, "09:00")));
  const visits = [at(3, "09:00"), at(3, "09:20")].map((start) => ({ start, practitionerId: clinic.practitionerId }));
  const taken = await takeFamily(own, { token, visits, key: randomUUID() });
  const input = people(taken.visits[0]?.token ?? "", "Nomsa", "Sipho");
  const fieldsOf = async (answers: (boolean | null)[]) => {
    const told = input.people.map((person, index) => {
      const answer = answers[index];
      return answer == null ? person : { ...person, answers: [{ questionId, answer }] };
    });
    const refusal = await confirmFamily(own, { ...input, key: randomUUID(), people: told }).then(
      () => null,
      (error: unknown) => refusalOf(error),
    );
    return (refusal?.detail["fields"] as { path: string }[] | undefined)?.map(({ path }) => path) ?? "booked";
  };
  expect(await fieldsOf([null, null])).toEqual([`answers.${questionId}`, `people.1.answers.${questionId}`]);
  expect(await fieldsOf([false, null])).toEqual([`people.1.answers.${questionId}`]);
  expect(await fieldsOf([false, true])).toBe("booked");
  const kept = await t.admin(
    "SELECT count(DISTINCT booking_id)::int AS n FROM app.intake_answer WHERE question_id = $1",
    [questionId],
  );
  expect(kept).toEqual([{ n: 2 }]);
});

test("a family is told whose visit meets another of their own, and not that they come side by side", async () => {
  const clinic = await makeClinic(world.t);
  const work = guestOf(world.s, clinic);
  const [first, second, third] = [
    clinic.practitionerId,
    await addDoctor(world.t, clinic, "Dr Second", 2),
    await addDoctor(world.t, clinic, "Dr Third", 3),
  ];
  const [here, elsewhere] = [randomBytes(16).toString("base64url"), randomBytes(16).toString("base64url")];
  const held = async (day: number, who: string, holder: string) =>
    (await holdTime(work, { ...holdInput(clinic, at(day, "09:00"), { who }), holder })).token;
  /** One more visit at that time, with the third doctor. */
  const alone = async (day: number, holder: string, told: { name: string; dependant?: { name: string } }) => {
    const token = await held(day, third, holder);
    await confirmBooking(work, { token, email: "nomsa@people.example", key: randomUUID(), ...told });
  };
  const warned = async (day: number) => {
    const token = await held(day, first, here);
    const visits = [first, second].map((practitionerId) => ({ start: at(day, "09:00"), practitionerId }));
    const taken = await takeFamily(work, { token, visits, key: randomUUID() });
    const { bookings } = await confirmFamily(work, people(taken.visits[0]?.token ?? "", "Nomsa", "Sipho"));
    return bookings.filter(({ warnings }) => warnings.includes("own_clash")).map(({ booking }) => booking.patientName);
  };
  expect(await warned(4)).toEqual([]);
  // Sipho again, with the same guardian, at that time: it is he who would be in two places.
  await alone(5, here, { name: "Nomsa", dependant: { name: "sipho " } });
  expect(await warned(5)).toEqual(["Sipho"]);
  await alone(6, here, { name: "Nomsa Dube" });
  expect(await warned(6)).toEqual(["Nomsa"]);
  // A stranger who types their address learns nothing.
  await alone(7, elsewhere, { name: "Nomsa" });
  expect(await warned(7)).toEqual([]);
});
