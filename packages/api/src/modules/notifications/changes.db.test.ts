import { newId } from "@pulsecal/db";
import { type MadeClinic, makeBooking, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { convertIcsCalendar } from "ts-ics";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EventType } from "../../infra/outbox.ts";
import { hashToken } from "../../infra/tokens.ts";
import type { JobName } from "../../jobs/catalog.ts";
import { runJob } from "../../jobs/run-job.ts";
import { giveContact } from "../../testing/give-contact.ts";
import { mailsAlone, type NoticeBag, noticeServices } from "../../testing/notice-services.ts";
import { type SinkMail, type SmtpSink, startSmtpSink } from "../../testing/smtp-sink.ts";
import { waitlistToken } from "../waitlist/index.ts";

let t: TestDatabase;
let sink: SmtpSink;
let n: NoticeBag;
let clinic: MadeClinic;

beforeAll(async () => {
  t = await testDatabase();
  sink = await startSmtpSink();
  n = noticeServices(t, sink);
});
afterAll(async () => {
  n.mailer.close();
  await sink.close();
  await t.close();
});
beforeEach(async () => {
  sink.mails.length = 0;
  clinic = await makeClinic(t, { name: "Sunrise Clinic" });
});

const tenAtEight = new Date("2030-01-08T08:30:00Z");
const nextDay = new Date("2030-01-09T12:00:00Z");

async function visit(startsAt = tenAtEight) {
  const made = await makeBooking(t, clinic, { startsAt, patientName: "Thandi" });
  await giveContact(t, { clinicId: clinic.clinicId, patientId: made.patientId }, { email: "thandi@example.org" });
  return made;
}

async function send(type: EventType, payload: Record<string, unknown>, ...names: JobName[]) {
  const eventId = newId();
  const { clinicId } = clinic;
  await t.admin("INSERT INTO app.event (clinic_id, id, type, payload) VALUES ($1, $2, $3, $4)", [
    clinicId,
    eventId,
    type,
    JSON.stringify(payload),
  ]);
  const did: string[] = [];
  for (const name of names) did.push((await runJob(n, mailsAlone, { name, data: { eventId, clinicId } })).did);
  return did;
}

/** Moves a booking past the booking path and sends what its event causes. */
async function move(
  bookingId: string,
  over: { to?: Date; byClinic?: boolean; asksAgain?: boolean; fromPerson?: string; first?: Date } = {},
) {
  const to = over.to ?? nextDay;
  const [before] = await t.admin("SELECT starts_at, practitioner_id FROM app.booking WHERE id = $1", [bookingId]);
  await t.admin(
    `UPDATE app.booking SET starts_at = $2, ends_at = $2::timestamptz + interval '20 min', sequence = sequence + 1,
       moved_from = coalesce(moved_from, CASE WHEN $3 THEN starts_at END), updated_at = now() WHERE id = $1`,
    [bookingId, to, over.byClinic === true],
  );
  const person = String(before?.["practitioner_id"]);
  const payload = {
    bookingId,
    resourceIds: [person],
    startsAt: to.toISOString(),
    fromStartsAt: new Date(String(before?.["starts_at"])).toISOString(),
    fromResourceIds: [over.fromPerson ?? person],
    ...(over.byClinic && { byClinic: true }),
    ...(over.asksAgain && { asksAgain: true }),
  };
  return { payload, did: () => send("booking.moved", payload, "moved", "moved_by_clinic") };
}

function calendarOf(mail: SinkMail | undefined) {
  const part = mail?.attachments.find((file) => file.mimeType === "application/ics");
  const ics = new TextDecoder().decode(part?.content as ArrayBuffer); // postal-mime decodes to bytes unless asked otherwise
  const calendar = convertIcsCalendar(undefined, ics);
  return { method: calendar.method, event: calendar.events?.[0] };
}

describe("a request", () => {
  test("that nobody answered in time is told like a no; a hold that ran out is nobody's news", async () => {
    const { bookingId } = await visit();
    await t.admin("UPDATE app.booking SET state = 'expired' WHERE id = $1", [bookingId]);
    const expired = (from: string) => send("booking.expired", { bookingId, from }, "declined");
    expect(await expired("held")).toEqual(["nothing: was only held"]);
    expect(await expired("requested")).toEqual(["sent"]);
    expect(sink.mails.map(({ subject }) => subject)).toEqual(["Sunrise Clinic cannot see you on Tue 8 Jan, 10:30"]);
  });
});

describe("a move", () => {
  test("by the patient is told once, with both times, and replaces the visit in their calendar", async () => {
    const { bookingId } = await visit();
    await send("booking.confirmed", { bookingId }, "confirmation");
    const moved = await move(bookingId);
    expect(await moved.did()).toEqual(["sent", "nothing: moved by the patient"]);
    const [asked, again] = sink.mails;
    expect(again?.subject).toBe("Moved: your visit is now Wed 9 Jan, 14:00 at Sunrise Clinic");
    expect(again?.text).toContain("Before: Tue 8 Jan, 10:30");
    const [first, second] = [calendarOf(asked), calendarOf(again)];
    expect(second.method).toBe("REQUEST");
    expect(second.event).toMatchObject({ uid: first.event?.uid, sequence: 1 });
    expect(second.event?.start.date).toEqual(nextDay);
  });

  test("by the clinic says so, from where the patient believes the visit to be, and asks them to keep it or choose", async () => {
    const { bookingId } = await visit();
    const first = await move(bookingId, { byClinic: true });
    const second = await move(bookingId, { byClinic: true, to: new Date("2030-01-10T09:00:00Z") });
    expect(await first.did()).toEqual(["nothing: moved by the clinic", "nothing: moved again since"]);
    expect(await second.did()).toEqual(["nothing: moved by the clinic", "sent"]);
    expect(sink.mails).toHaveLength(1);
    const [mail] = sink.mails;
    expect(mail?.subject).toBe("New time: Sunrise Clinic moved your visit to Thu 10 Jan, 11:00");
    expect(mail?.text).toContain("Before: Tue 8 Jan, 10:30");
    expect(mail?.text).toContain("Keep it, or choose another time:");
    expect(calendarOf(mail).event).toMatchObject({ sequence: 2 });
  });

  test("to another doctor at the same time is told; into another room, or to another length, is not", async () => {
    const { bookingId } = await visit();
    const room = await move(bookingId, { byClinic: true, to: tenAtEight });
    expect(await room.did()).toEqual(["nothing: moved by the clinic", "nothing: same time, same person"]);
    const doctor = await move(bookingId, { byClinic: true, to: tenAtEight, fromPerson: newId() });
    expect(await doctor.did()).toEqual(["nothing: moved by the clinic", "sent"]);
    expect(sink.mails[0]?.subject).toBe("Your visit on Tue 8 Jan, 10:30 is with Dr Test");
  });

  test("that asks an approving clinic again says so, and takes the old time out of the calendar", async () => {
    const { bookingId } = await visit();
    await send("booking.confirmed", { bookingId }, "confirmation");
    const moved = await move(bookingId, { asksAgain: true });
    await t.admin("UPDATE app.booking SET state = 'requested', hold_expires_at = starts_at WHERE id = $1", [bookingId]);
    expect(await moved.did()).toEqual(["sent", "nothing: moved by the patient"]);
    const [asked, again] = sink.mails;
    expect(again?.subject).toBe("You asked for another time: Wed 9 Jan, 14:00 at Sunrise Clinic");
    expect(again?.text).toContain("You gave up your old time");
    const { method, event } = calendarOf(again);
    expect({ method, uid: event?.uid, sequence: event?.sequence }).toEqual({
      method: "CANCEL",
      uid: calendarOf(asked).event?.uid,
      sequence: 1,
    });
  });

  test("of a request promises nothing: it is in no calendar before the clinic confirms it", async () => {
    const { bookingId } = await visit();
    await t.admin("UPDATE app.booking SET state = 'requested', hold_expires_at = starts_at WHERE id = $1", [bookingId]);
    const byPatient = await move(bookingId);
    expect(await byPatient.did()).toEqual(["sent", "nothing: moved by the patient"]);
    const byClinic = await move(bookingId, { byClinic: true, to: new Date("2030-01-10T09:00:00Z") });
    expect(await byClinic.did()).toEqual(["nothing: moved by the clinic", "sent"]);
    expect(sink.mails.map(({ subject, attachments }) => [subject, attachments.length])).toEqual([
      ["You asked for another time: Wed 9 Jan, 14:00 at Sunrise Clinic", 0],
      ["Your request at Sunrise Clinic is now for Thu 10 Jan, 11:00", 0],
    ]);
  });

  test("of a visit that was cancelled meanwhile is not told any more", async () => {
    const { bookingId } = await visit();
    const moved = await move(bookingId);
    await t.admin("UPDATE app.booking SET state = 'cancelled' WHERE id = $1", [bookingId]);
    expect(await moved.did()).toEqual(["nothing: booking is cancelled", "nothing: moved by the patient"]);
  });

  test("leaves one reminder, for the time at which the visit is", async () => {
    const { bookingId } = await visit();
    await move(bookingId);
    const remind = (of: Date) => send("booking.reminder_due", { bookingId, startsAt: of.toISOString() }, "reminder");
    expect(await remind(tenAtEight)).toEqual(["nothing: visit was moved"]);
    expect(await remind(nextDay)).toEqual(["sent"]);
    expect(sink.mails).toHaveLength(1);
  });
});

describe("a request", () => {
  test("is acknowledged without a calendar file, and only while it is one", async () => {
    const { bookingId } = await visit();
    await t.admin("UPDATE app.booking SET state = 'requested' WHERE id = $1", [bookingId]);
    expect(await send("booking.requested", { bookingId }, "requested")).toEqual(["sent"]);
    expect(sink.mails[0]?.subject).toBe("We have your request: Tue 8 Jan, 10:30 at Sunrise Clinic");
    expect(sink.mails[0]?.attachments).toHaveLength(0);
    await t.admin("UPDATE app.booking SET state = 'confirmed' WHERE id = $1", [bookingId]);
    expect(await send("booking.requested", { bookingId }, "requested")).toEqual(["nothing: booking is confirmed"]);
  });

  test("that is declined is told kindly, with a way on", async () => {
    const { bookingId } = await visit();
    await t.admin("UPDATE app.booking SET state = 'declined' WHERE id = $1", [bookingId]);
    expect(await send("booking.declined", { bookingId }, "declined")).toEqual(["sent"]);
    expect(sink.mails[0]?.subject).toBe("Sunrise Clinic cannot see you on Tue 8 Jan, 10:30");
    expect(sink.mails[0]?.text).toContain(`http://${clinic.slug}.pulsecal.localhost:3000/book`);
    expect(sink.mails[0]?.text).toContain("We are sorry");
  });
});

test("a dependant's mail goes to their guardian and says for whom the visit is", async () => {
  const guardian = await visit(nextDay);
  const { bookingId, patientId } = await makeBooking(t, clinic, { startsAt: tenAtEight, patientName: "Neo" });
  await t.admin("UPDATE app.patient SET guardian_id = $2 WHERE id = $1", [patientId, guardian.patientId]);
  expect(await send("booking.confirmed", { bookingId }, "confirmation")).toEqual(["sent"]);
  expect(sink.mails[0]?.envelope.to).toEqual(["thandi@example.org"]);
  expect(sink.mails[0]?.text).toContain("For: Neo");
});

test("one mail confirms a whole series", async () => {
  const visits = [await visit(tenAtEight), await visit(nextDay)];
  const setId = newId();
  for (const { bookingId } of visits) {
    await t.admin("UPDATE app.booking SET set_id = $2, set_kind = 'series' WHERE id = $1", [bookingId, setId]);
  }
  const did = [];
  for (const { bookingId } of visits) did.push(...(await send("booking.confirmed", { bookingId }, "confirmation")));
  expect(did).toEqual(["sent", "nothing: told with its series"]);
  expect(sink.mails[0]?.text).toContain("It is the first of 2 visits; the last is Wed 9 Jan, 14:00.");
  const quiet = { bookingId: visits[1]?.bookingId, quiet: true };
  expect(await send("booking.cancelled", quiet, "cancellation")).toEqual(["nothing: told with its series"]);
});

describe("the waitlist", () => {
  async function entry(email = "sipho@example.org") {
    const { bookingId, patientId } = await makeBooking(t, clinic, { startsAt: tenAtEight, state: "held" });
    await giveContact(t, { clinicId: clinic.clinicId, patientId }, { email });
    const [entryId, gapId] = [newId(), newId()];
    const { clinicId, serviceId, practitionerId } = clinic;
    await t.admin(
      "INSERT INTO app.waitlist_entry (clinic_id, id, patient_id, service_id, token_hash) VALUES ($1, $2, $3, $4, $5)",
      [clinicId, entryId, patientId, serviceId, hashToken(entryId)],
    );
    await t.admin(
      `INSERT INTO app.waitlist_gap (clinic_id, id, resource_id, starts_at, ends_at)
       VALUES ($1, $2, $3, $4, $4::timestamptz + interval '20 min')`,
      [clinicId, gapId, practitionerId, tenAtEight],
    );
    await t.admin(
      `INSERT INTO app.waitlist_offer (clinic_id, id, gap_id, entry_id, booking_id, expires_at, rank)
       VALUES ($1, gen_random_uuid(), $2, $3, $4, now() + interval '15 min', '{}')`,
      [clinicId, gapId, entryId, bookingId],
    );
    const link = `http://${clinic.slug}.pulsecal.localhost:3000/w/${waitlistToken(n.secret, clinicId, entryId)}`;
    return { entryId, gapId, link };
  }

  test("welcomes whoever joins, and tells how to leave", async () => {
    const { entryId, link } = await entry();
    expect(await send("waitlist.joined", { entryId }, "waitlist_joined")).toEqual(["sent"]);
    expect(sink.mails[0]?.subject).toBe("You are on the waitlist at Sunrise Clinic");
    expect(sink.mails[0]?.text).toContain(link);
    expect(sink.mails[0]?.raw).not.toMatch(/consultation/i);
    await t.admin("UPDATE app.waitlist_entry SET state = 'withdrawn', ended_at = now() WHERE id = $1", [entryId]);
    expect(await send("waitlist.joined", { entryId }, "waitlist_joined")).toEqual(["nothing: entry is withdrawn"]);
  });

  test("offers a time with its end, while the offer stands", async () => {
    const { entryId, gapId, link } = await entry();
    expect(await send("waitlist.offered", { entryId, gapId }, "waitlist_offer")).toEqual(["sent"]);
    const [mail] = sink.mails;
    expect(mail?.subject).toBe("A time is free: Tue 8 Jan, 10:30 at Sunrise Clinic");
    expect(mail?.text).toMatch(/We keep it for you until \d\d:\d\d\./);
    expect(mail?.text).toContain(link);
    expect(mail?.attachments).toHaveLength(0);
    const lapse = "UPDATE app.waitlist_offer SET expires_at = now() WHERE entry_id = $1";
    await t.admin(lapse, [entryId]);
    expect(await send("waitlist.offered", { entryId, gapId }, "waitlist_offer")).toEqual(["nothing: offer is over"]);
  });
});

test("visits that are cancelled together are told by one mail, which says how many and when the last would have been", async () => {
  const [first, second] = [await visit(), await visit(nextDay)];
  await t.admin("UPDATE app.booking SET state = 'cancelled', cancelled_by = 'staff' WHERE clinic_id = $1", [
    clinic.clinicId,
  ]);
  const all = { count: 2, last: nextDay.toISOString() };
  expect(await send("booking.cancelled", { bookingId: first.bookingId, series: all }, "cancellation")).toEqual([
    "sent",
  ]);
  expect(await send("booking.cancelled", { bookingId: second.bookingId, quiet: true }, "cancellation")).toEqual([
    "nothing: told with its series",
  ]);
  const [mail] = sink.mails;
  expect(mail?.subject).toBe("Cancelled: 2 visits at Sunrise Clinic, from Tue 8 Jan, 10:30");
  expect(mail?.text).toContain("and the 1 after it, the last on Wed 9 Jan, 14:00.");
  expect(calendarOf(mail).method).toBe("CANCEL");
});
