import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  at,
  type BookingWorld,
  bookingWorld,
  bookInput,
  doubles,
  outcome,
  refusal,
} from "../booking/testing/booking-world.ts";
import { type WaitlistWorld, waitlistWorld } from "./testing/waitlist-world.ts";

let base: BookingWorld;
let w: WaitlistWorld;

beforeAll(async () => {
  base = await bookingWorld();
});
afterAll(() => base.close());
beforeEach(async () => {
  w = await waitlistWorld(base);
});

const key = () => randomUUID();
const cancel = (token: string) => w.guest.patient.booking.cancel({ token, key: key() });
const seen = (token: string) => w.guest.patient.waitlist.get({ token });
describe("an offer", () => {
  test("that is accepted becomes the booking, under the entry's name, with a link of its own", async () => {
    const { token } = await w.join("Thandi");
    const start = await w.free(at(2, "10:00"));
    const accepted = await w.guest.patient.waitlist.accept({ token, key: key() });
    const booking = await w.guest.patient.booking.get({ token: accepted.token });
    expect(booking).toMatchObject({ state: "confirmed", start, patientName: "Thandi" });
    expect(await seen(token)).toMatchObject({ state: "booked", offer: null, bookingToken: accepted.token });
    const gaps = await w.t.admin("SELECT state FROM app.waitlist_gap WHERE clinic_id = $1", [w.clinic.clinicId]);
    expect(gaps).toEqual([{ state: "filled" }]);
    const events = await w.t.admin("SELECT type FROM app.event WHERE clinic_id = $1 AND type = 'booking.confirmed'", [
      w.clinic.clinicId,
    ]);
    expect(events).toHaveLength(2);
    await w.runOut();
    await w.work();
    expect(await w.standing(start)).toEqual(["confirmed"]);
  });

  test("that is accepted is a request where the clinic approves by hand, unless staff heard the yes", async () => {
    await w.t.admin("UPDATE app.service SET needs_approval = true WHERE id = $1", [w.clinic.serviceId]);
    const thandi = await w.join("Thandi", { since: 9 });
    const sipho = await w.join("Sipho", { since: 3 });
    const start = await w.free(at(2, "10:00"));
    await w.free(at(2, "12:00"));
    expect((await seen(thandi.token)).approval).toBe(true);
    const accepted = await w.guest.patient.waitlist.accept({ token: thandi.token, key: key() });
    const asked = await w.guest.patient.booking.get({ token: accepted.token });
    expect(asked).toMatchObject({ state: "requested", start, holdExpiresAt: start });
    expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("slot_taken");
    await w.staff.staff.waitlist.answer({ entryId: sipho.entryId, answer: "accept", key: key() });
    const { bookingToken } = await seen(sipho.token);
    expect(await w.guest.patient.booking.get({ token: bookingToken ?? "" })).toMatchObject({ state: "confirmed" });
  });

  test("is accepted with answers where the service asks, which staff may leave out", async () => {
    const questionId = randomUUID();
    const thandi = await w.join("Thandi", { since: 9 });
    const sipho = await w.join("Sipho", { since: 3 });
    await w.free(at(2, "10:00"));
    await w.free(at(2, "12:00"));
    await w.t.admin(
      `INSERT INTO app.intake_question (clinic_id, id, service_id, kind, label, required)
       VALUES ($1, $2, $3, 'yes_no', 'Do you take insulin?', true)`,
      [w.clinic.clinicId, questionId, w.clinic.serviceId],
    );
    const { token } = thandi;
    const missing = await refusal(w.guest.patient.waitlist.accept({ token, key: key() }));
    expect(missing).toMatchObject({ code: "invalid", detail: { fields: [{ path: `answers.${questionId}` }] } });
    const answers = [{ questionId, answer: "yes" }];
    await w.guest.patient.waitlist.accept({ token, answers, key: key() });
    const kept = await w.t.admin("SELECT question_id FROM app.intake_answer WHERE clinic_id = $1", [w.clinic.clinicId]);
    expect(kept).toEqual([{ question_id: questionId }]);
    await w.staff.staff.waitlist.answer({ entryId: sipho.entryId, answer: "accept", key: key() });
    expect((await seen(sipho.token)).state).toBe("booked");
  });

  test("is not accepted at a clinic that takes no bookings", async () => {
    const { token } = await w.join("Thandi");
    await w.free(at(2, "10:00"));
    await w.t.admin("UPDATE platform.clinic SET status = 'suspended' WHERE id = $1", [w.clinic.clinicId]);
    expect(await outcome(w.guest.patient.waitlist.accept({ token, key: key() }))).not.toBe("ok");
    expect(await w.log()).toEqual([["Thandi", "live"]]);
  });

  test("that is passed on frees the person for the other times that suit them", async () => {
    const { token } = await w.join("Thandi");
    const first = await w.free(at(2, "10:00"));
    const second = await w.free(at(2, "12:00"));
    expect((await seen(token)).offer?.start).toEqual(first);
    await w.guest.patient.waitlist.decline({ token, key: key() });
    await w.work();
    expect((await seen(token)).offer?.start).toEqual(second);
    const third = await w.free(at(2, "14:00"));
    await w.runOut();
    await w.work();
    expect((await seen(token)).offer?.start).toEqual(third);
    expect((await w.log()).map(([, state]) => state)).toEqual(["declined", "expired", "live"]);
  });

  test("is made to one mailbox at a time, however many names it joined under", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    const neo = await w.join("Neo", { since: 8, email: w.mailbox("Thandi") });
    const first = await w.free(at(2, "10:00"));
    const second = await w.free(at(2, "12:00"));
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, second)))).toBe("ok");
    await w.guest.patient.waitlist.decline({ token: thandi.token, key: key() });
    await w.work();
    expect((await seen(neo.token)).offer?.start).toEqual(first);
    const third = await w.free(at(2, "14:00"));
    await w.guest.patient.waitlist.accept({ token: neo.token, key: key() });
    await w.work();
    expect((await seen(thandi.token)).offer?.start).toEqual(third);
  });

  test("that ran out twice without a word is not made a third time, but by staff", async () => {
    const { entryId } = await w.join("Thandi");
    for (const time of ["10:00", "11:00", "12:00"]) {
      await w.free(at(2, time));
      await w.runOut();
      await w.work();
    }
    expect(await w.log()).toEqual([
      ["Thandi", "expired"],
      ["Thandi", "expired"],
    ]);
    const { gaps, entries } = await w.staff.staff.waitlist.list();
    expect(entries).toMatchObject([{ name: "Thandi", silent: true }]);
    const noon = gaps.find((gap) => gap.start.getTime() === at(2, "12:00").getTime());
    await w.staff.staff.waitlist.offer({ gapId: noon?.id ?? "", entryId, key: key() });
    expect((await w.log()).at(-1)).toEqual(["Thandi", "live"]);
  });

  test("accepted twice under one key is accepted once; under another key it is over", async () => {
    const { token } = await w.join("Thandi");
    await w.free(at(2, "10:00"));
    const once = { token, key: key() };
    const first = await w.guest.patient.waitlist.accept(once);
    expect(await w.guest.patient.waitlist.accept(once)).toEqual(first);
    expect(await outcome(w.guest.patient.waitlist.accept({ token, key: key() }))).toBe("hold_expired");
    expect(await outcome(w.guest.patient.waitlist.decline({ token, key: once.key }))).toBe("key_reused");
  });

  test("that is declined goes to the next within the worker's next look, and is never free in between", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    const start = await w.free(at(2, "10:00"));
    await w.guest.patient.waitlist.decline({ token: thandi.token, key: key() });
    expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("slot_taken");
    await w.work();
    expect(await w.log()).toEqual([
      ["Thandi", "declined"],
      ["Sipho", "live"],
    ]);
    expect((await seen(thandi.token)).state).toBe("waiting");
    expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("slot_taken");
  });

  test("that runs out goes to the next while the time is still held", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    const start = await w.free(at(2, "10:00"));
    await w.runOut({ holds: false });
    expect(await outcome(w.guest.patient.waitlist.accept({ token: thandi.token, key: key() }))).toBe("hold_expired");
    expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("slot_taken");
    await w.work();
    expect(await w.log()).toEqual([
      ["Thandi", "expired"],
      ["Sipho", "live"],
    ]);
  });

  test("that nobody takes gives the time back to everybody, and asks nobody twice", async () => {
    await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    const start = await w.free(at(2, "10:00"));
    for (let turn = 0; turn < 4; turn++) {
      await w.runOut();
      await w.work();
    }
    expect(await w.log()).toEqual([
      ["Thandi", "expired"],
      ["Sipho", "expired"],
    ]);
    expect(await w.standing(start)).toEqual([]);
    expect(await outcome(w.guest.public.booking.book(bookInput(w.clinic, start)))).toBe("ok");
  });

  test("of an accepted and cancelled visit opens a new gap, in which everybody may be asked again", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    await w.free(at(2, "10:00"));
    const { token } = await w.guest.patient.waitlist.accept({ token: thandi.token, key: key() });
    await cancel(token);
    await w.work();
    expect(await w.log()).toEqual([
      ["Thandi", "accepted"],
      ["Sipho", "live"],
    ]);
  });

  test("stands alone for its person: two gaps at once, one offer each", async () => {
    await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    const [first, second] = [await w.book(at(2, "10:00")), await w.book(at(2, "11:00"))];
    await cancel(first.token);
    await cancel(second.token);
    await w.work();
    expect(new Map(await w.log())).toEqual(
      new Map([
        ["Thandi", "live"],
        ["Sipho", "live"],
      ]),
    );
  });

  test("to somebody who leaves the list goes to the next", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3 });
    await w.free(at(2, "10:00"));
    expect((await w.guest.patient.waitlist.withdraw({ token: thandi.token, key: key() })).state).toBe("withdrawn");
    expect((await w.guest.patient.waitlist.withdraw({ token: thandi.token, key: key() })).state).toBe("withdrawn");
    await w.work();
    expect(await w.log()).toEqual([
      ["Thandi", "declined"],
      ["Sipho", "live"],
    ]);
  });

  test("is found for whoever joins while a gap has nobody", async () => {
    const thandi = await w.join("Thandi");
    await w.free(at(2, "10:00"));
    await w.guest.patient.waitlist.decline({ token: thandi.token, key: key() });
    await w.work();
    await w.join("Sipho");
    await w.work();
    expect(await w.log()).toEqual([
      ["Thandi", "declined"],
      ["Sipho", "live"],
    ]);
  });
});

describe("staff", () => {
  const offer = (gapId: string, entryId?: string) =>
    w.staff.staff.waitlist.offer({ gapId, ...(entryId && { entryId }), key: key() });

  test("see whom a gap suits, in order, who is being asked and who was", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    await w.join("Sipho", { since: 3, urgency: 1 });
    const lerato = await w.join("Lerato", { phoneOnly: true });
    const start = await w.free(at(2, "10:00"));
    const { gaps, entries } = await w.staff.staff.waitlist.list();
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ start, practitionerName: "Dr Test", offer: { name: "Sipho" }, asked: [] });
    expect(gaps[0]?.fits).toEqual([
      { entryId: thandi.entryId, name: "Thandi", rank: "9 days", days: 9, reachable: true, silent: false },
      { entryId: lerato.entryId, name: "Lerato", rank: "since today", days: 0, reachable: false, silent: false },
    ]);
    expect(entries.map(({ name, offered }) => [name, offered])).toEqual([
      ["Thandi", false],
      ["Sipho", true],
      ["Lerato", false],
    ]);
  });

  test("offer by hand to somebody without mail, and take their answer on the phone", async () => {
    const lerato = await w.join("Lerato", { phoneOnly: true });
    const start = await w.free(at(2, "10:00"));
    expect(await w.log()).toEqual([]);
    const [gap] = (await w.staff.staff.waitlist.list()).gaps;
    const after = await offer(gap?.id ?? "", lerato.entryId);
    expect(after.gaps[0]?.offer).toMatchObject({ name: "Lerato" });
    await w.staff.staff.waitlist.answer({ entryId: lerato.entryId, answer: "accept", key: key() });
    expect(await w.standing(start)).toEqual(["confirmed"]);
    const [{ rank } = {}] = await w.t.admin("SELECT rank FROM app.waitlist_offer WHERE clinic_id = $1", [
      w.clinic.clinicId,
    ]);
    expect(rank).toMatchObject({ by: "hand", place: 1, of: 1 });
  });

  test("cannot offer a gap to two people, nor to one who was asked, nor one that is gone", async () => {
    const thandi = await w.join("Thandi", { since: 9 });
    const sipho = await w.join("Sipho");
    await w.free(at(2, "10:00"));
    const [gap] = (await w.staff.staff.waitlist.list()).gaps;
    expect(await outcome(offer(gap?.id ?? "", sipho.entryId))).toBe("conflict");
    expect(await outcome(offer(gap?.id ?? ""))).toBe("conflict");
    await w.guest.patient.waitlist.decline({ token: thandi.token, key: key() });
    expect(await outcome(offer(gap?.id ?? "", thandi.entryId))).toBe("conflict");
    expect(await outcome(offer(randomUUID()))).toBe("not_found");
    await offer(gap?.id ?? "", sipho.entryId);
    await w.guest.patient.waitlist.accept({ token: sipho.token, key: key() });
    expect(await outcome(offer(gap?.id ?? "", thandi.entryId))).toBe("not_offered");
  });

  test("put people on the list, with how urgent it is, and take them off", async () => {
    const { entryId } = await w.staff.staff.waitlist.add({
      serviceId: w.clinic.serviceId,
      who: w.clinic.practitionerId,
      canCome: [],
      urgency: 3,
      name: "Neo",
      phone: "082 123 4567",
      key: key(),
    });
    const [entry] = (await w.staff.staff.waitlist.list()).entries;
    expect(entry).toMatchObject({ entryId, name: "Neo", who: "Dr Test", urgency: 3, reachable: false });
    expect((await w.staff.staff.waitlist.withdraw({ entryId, key: key() })).entries).toEqual([]);
  });
});

test("whatever happens, nothing is booked twice", async () => {
  await w.join("Thandi", { since: 9 });
  await w.join("Sipho");
  await w.free(at(2, "10:00"));
  await w.runOut();
  await w.work();
  expect(await doubles(w.t)).toBe(0);
});
