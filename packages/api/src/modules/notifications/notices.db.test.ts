import { type MadeClinic, makeBooking, makeClinic, type TestDatabase, testDatabase } from "@pulsecal/db/testing";
import { convertIcsCalendar } from "ts-ics";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bookingToken, hashToken } from "../../infra/tokens.ts";
import type { JobName } from "../../jobs/catalog.ts";
import { JobRefused, NotNow } from "../../jobs/retry.ts";
import { runJob } from "../../jobs/run-job.ts";
import { giveContact } from "../../testing/give-contact.ts";
import { mailsAlone, type NoticeBag, noticeServices } from "../../testing/notice-services.ts";
import { type SinkMail, type SmtpSink, startSmtpSink } from "../../testing/smtp-sink.ts";
import { writeEvent } from "../../testing/write-event.ts";

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
  await sink.comeBack();
  sink.mails.length = 0;
  sink.onMail = async () => {};
  clinic = await makeClinic(t, { name: "Sunrise Clinic" });
});

/** A confirmed visit of a patient with an address, at 10:30 in Johannesburg. */
async function visit(over: { patientName?: string; email?: string | null; startsAt?: Date } = {}) {
  const made = await makeBooking(t, clinic, {
    startsAt: new Date("2030-01-08T08:30:00Z"),
    patientName: "Thandi",
    ...over,
  });
  const email = over.email === undefined ? "thandi@example.org" : over.email;
  if (email !== null) await giveContact(t, { clinicId: clinic.clinicId, patientId: made.patientId }, { email });
  return made;
}

const event = (type: "booking.confirmed" | "booking.cancelled" | "booking.reminder_due", bookingId: string) =>
  writeEvent(t, { clinicId: clinic.clinicId, type, payload: { bookingId } });

const run = (name: JobName, data: unknown) => runJob(n, mailsAlone, { name, data });

const cancel = (bookingId: string, by = "patient") =>
  t.admin("UPDATE app.booking SET state = 'cancelled', cancelled_by = $2, sequence = sequence + 1 WHERE id = $1", [
    bookingId,
    by,
  ]);

const deliveries = (eventId: string) =>
  t.admin("SELECT kind, state, error, attempt_at, sent_at, message_id FROM app.delivery WHERE event_id = $1", [
    eventId,
  ]);

const isDone = async (eventId: string) =>
  (await t.admin("SELECT done_at FROM app.event WHERE id = $1", [eventId]))[0]?.done_at instanceof Date;

function calendarOf(mail: SinkMail | undefined) {
  const part = mail?.attachments.find((file) => file.mimeType === "application/ics");
  const ics = new TextDecoder().decode(part?.content as ArrayBuffer); // postal-mime decodes to bytes unless asked otherwise
  const calendar = convertIcsCalendar(undefined, ics);
  return { method: calendar.method, event: calendar.events?.[0] };
}

describe("a confirmation", () => {
  test("goes out once, in the clinic's time, with a link and a calendar file", async () => {
    const { bookingId } = await visit();
    const job = await event("booking.confirmed", bookingId);
    expect(await run("confirmation", job)).toEqual({ did: "sent" });
    expect(await run("confirmation", job)).toEqual({ did: "done before" });

    expect(sink.mails).toHaveLength(1);
    const [mail] = sink.mails;
    expect(mail?.envelope.to).toEqual(["thandi@example.org"]);
    expect(mail?.from).toEqual({ name: "Sunrise Clinic", address: "hello@pulsecal.localhost" });
    expect(mail?.subject).toBe("You are booked: Tue 8 Jan, 10:30 at Sunrise Clinic");
    expect(mail?.messageId).toBe(`<${job.eventId}.confirmation@pulsecal.localhost>`);
    const link = `http://${clinic.slug}.pulsecal.localhost:3000/b/${bookingToken(n.secret, clinic.clinicId, bookingId)}`;
    expect(mail?.text).toContain(link);
    expect(mail?.html).toContain(link);
    expect(mail?.text).toContain("1 Test Street");
    expect(mail?.text).toContain("until Tue 8 Jan, 08:30");

    const { method, event: entry } = calendarOf(mail);
    expect(method).toBe("REQUEST");
    expect(entry?.start.date.toISOString()).toBe("2030-01-08T08:30:00.000Z");
    expect(await deliveries(job.eventId)).toMatchObject([{ kind: "confirmation", state: "sent", error: null }]);
    expect(await isDone(job.eventId)).toBe(true);
  });

  test("never says which service was booked", async () => {
    const { bookingId } = await visit();
    await run("confirmation", await event("booking.confirmed", bookingId));
    expect(sink.mails[0]?.raw).not.toMatch(/consultation/i);
    expect(sink.mails[0]?.html).not.toMatch(/consultation/i);
  });

  test("goes out once when two workers race for it", async () => {
    const { bookingId } = await visit();
    const job = await event("booking.confirmed", bookingId);
    // The second worker starts while the first is inside the mail server.
    let other: Promise<unknown> = Promise.resolve();
    sink.onMail = async () => {
      other = run("confirmation", job);
      await other.catch(() => undefined);
    };
    expect(await run("confirmation", job)).toEqual({ did: "sent" });
    await expect(other).rejects.toThrow(NotNow);
    expect(sink.mails).toHaveLength(1);

    const both = await visit({ startsAt: new Date("2030-01-09T08:30:00Z") });
    const again = await event("booking.confirmed", both.bookingId);
    sink.onMail = async () => {};
    await Promise.allSettled(Array.from({ length: 6 }, () => run("confirmation", again)));
    expect(sink.mails).toHaveLength(2);
  });

  test("is taken over from a worker that died while sending, under the same Message-ID", async () => {
    const { bookingId } = await visit();
    const job = await event("booking.confirmed", bookingId);
    await t.admin(
      `INSERT INTO app.delivery (clinic_id, id, booking_id, event_id, kind, state, message_id, attempt_at)
       VALUES ($1, gen_random_uuid(), $2, $3, 'confirmation', 'queued', 'made before', now() - interval '30 seconds')`,
      [clinic.clinicId, bookingId, job.eventId],
    );
    await expect(run("confirmation", job)).rejects.toThrow(NotNow);
    await t.admin("UPDATE app.delivery SET attempt_at = now() - interval '61 seconds' WHERE event_id = $1", [
      job.eventId,
    ]);
    expect(await run("confirmation", job)).toEqual({ did: "sent" });
    expect(sink.mails[0]?.messageId).toBe(`<${job.eventId}.confirmation@pulsecal.localhost>`);
  });

  test("does not go to someone without an address, nor after a cancellation", async () => {
    const silent = await visit({ email: null });
    const first = await event("booking.confirmed", silent.bookingId);
    expect(await run("confirmation", first)).toEqual({ did: "nothing: no address" });
    const gone = await visit({ startsAt: new Date("2030-01-09T08:30:00Z") });
    await cancel(gone.bookingId);
    const second = await event("booking.confirmed", gone.bookingId);
    expect(await run("confirmation", second)).toEqual({ did: "nothing: booking is cancelled" });
    expect(sink.mails).toHaveLength(0);
    expect([await isDone(first.eventId), await isDone(second.eventId)]).toEqual([true, true]);
  });

  test("keeps names with line breaks inside their place", async () => {
    await t.admin("UPDATE platform.clinic SET name = $2 WHERE id = $1", [
      clinic.clinicId,
      "Sun\r\nBcc: all@example.org",
    ]);
    const { bookingId } = await visit({ patientName: "Eve\r\nX-Evil: 1\r\n\r\n<b>body</b>" });
    await run("confirmation", await event("booking.confirmed", bookingId));
    const [mail] = sink.mails;
    const keys = mail?.headers.map((header) => header.key);
    expect(keys).not.toContain("bcc");
    expect(keys).not.toContain("x-evil");
    expect(mail?.envelope.to).toEqual(["thandi@example.org"]);
    expect(calendarOf(mail).event?.attendees).toHaveLength(1);
  });
});

describe("a mail server", () => {
  test("that is down loses nothing and repeats nothing", async () => {
    const { bookingId } = await visit();
    const job = await event("booking.confirmed", bookingId);
    await sink.goDown();
    await expect(run("confirmation", job)).rejects.toThrow(NotNow);
    expect(await deliveries(job.eventId)).toMatchObject([{ state: "queued", attempt_at: null, sent_at: null }]);
    expect(await isDone(job.eventId)).toBe(false);

    await sink.comeBack();
    expect(await run("confirmation", job)).toEqual({ did: "sent" });
    expect(sink.mails).toHaveLength(1);
    expect(await deliveries(job.eventId)).toMatchObject([{ state: "sent", error: null }]);
  });

  test("that was down until the visit was cancelled leaves no delivery open", async () => {
    const { bookingId } = await visit();
    const job = await event("booking.confirmed", bookingId);
    await sink.goDown();
    await expect(run("confirmation", job)).rejects.toThrow(NotNow);
    await sink.comeBack();
    await cancel(bookingId);
    expect(await run("confirmation", job)).toEqual({ did: "nothing: booking is cancelled" });
    expect(await deliveries(job.eventId)).toMatchObject([{ state: "failed", error: "booking is cancelled" }]);
    expect(sink.mails).toHaveLength(0);
  });

  test("that accepted a mail just before the database went away is not sent it again", async () => {
    const { bookingId } = await visit();
    const job = await event("booking.confirmed", bookingId);
    await t.admin(`CREATE SEQUENCE public.tries;
      CREATE FUNCTION public.go_away_twice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        IF nextval('public.tries') <= 2 THEN RAISE EXCEPTION 'shutting down' USING ERRCODE = '57P01'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER go_away_twice BEFORE INSERT ON app.inbox FOR EACH ROW EXECUTE FUNCTION public.go_away_twice()`);
    try {
      expect(await run("confirmation", job)).toEqual({ did: "sent" });
    } finally {
      await t.admin("DROP FUNCTION public.go_away_twice() CASCADE");
    }
    expect(sink.mails).toHaveLength(1);
    expect(await deliveries(job.eventId)).toMatchObject([{ state: "sent" }]);
  });

  test("that refuses a mail for good ends the delivery", async () => {
    const { bookingId } = await visit();
    const job = await event("booking.confirmed", bookingId);
    sink.onMail = async () => {
      throw Object.assign(new Error("no such user"), { responseCode: 550 });
    };
    expect(await run("confirmation", job)).toEqual({ did: "failed: EMESSAGE 550" });
    expect(await deliveries(job.eventId)).toMatchObject([{ state: "failed", error: "EMESSAGE 550", sent_at: null }]);
    expect(await isDone(job.eventId)).toBe(true);
  });
});

test("a cancellation takes the same visit out of the calendar", async () => {
  const { bookingId } = await visit();
  await run("confirmation", await event("booking.confirmed", bookingId));
  await cancel(bookingId);
  expect(await run("cancellation", await event("booking.cancelled", bookingId))).toEqual({ did: "sent" });

  const [asked, cancelled] = sink.mails.map(calendarOf);
  expect(cancelled?.method).toBe("CANCEL");
  expect(cancelled?.event?.uid).toBe(asked?.event?.uid);
  expect(cancelled?.event?.sequence).toBe(1);
  expect(sink.mails[1]?.subject).toBe("Cancelled: your visit on Tue 8 Jan, 10:30 at Sunrise Clinic");
  expect(sink.mails[1]?.text).toContain("You cancelled your visit");
});

test("a cancellation by the clinic says so", async () => {
  const { bookingId } = await visit();
  await cancel(bookingId, "staff");
  await run("cancellation", await event("booking.cancelled", bookingId));
  expect(sink.mails[0]?.text).toContain("Sunrise Clinic cancelled your visit");
});

test("a reminder goes out only for a visit that is still on", async () => {
  const { bookingId } = await visit();
  expect(await run("reminder", await event("booking.reminder_due", bookingId))).toEqual({ did: "sent" });
  expect(sink.mails[0]?.subject).toBe("Your visit is Tue 8 Jan, 10:30 at Sunrise Clinic");
  expect(sink.mails[0]?.attachments).toHaveLength(0);

  await cancel(bookingId);
  const job = await event("booking.reminder_due", bookingId);
  expect(await run("reminder", job)).toEqual({ did: "nothing: booking is cancelled" });
  const past = await visit({ startsAt: new Date("2020-01-08T08:30:00Z") });
  expect(await run("reminder", await event("booking.reminder_due", past.bookingId))).toEqual({
    did: "nothing: visit has begun",
  });
  expect(sink.mails).toHaveLength(1);
});

describe("a verification mail", () => {
  const unverify = () =>
    t.admin("UPDATE auth.account SET email_verified_at = NULL WHERE id = $1", [clinic.ownerAccountId]);
  const ask = () =>
    writeEvent(t, {
      clinicId: clinic.clinicId,
      type: "account.verification_requested",
      payload: { accountId: clinic.ownerAccountId },
    });
  const tokens = () =>
    t.admin("SELECT id, clinic_id, used_at FROM auth.email_token WHERE account_id = $1", [clinic.ownerAccountId]);

  test("carries a token of which the database holds only the hash", async () => {
    await unverify();
    expect(await run("verify_email", await ask())).toEqual({ did: "sent" });
    const [mail] = sink.mails;
    const token = new RegExp(`http://${clinic.slug}\\.pulsecal\\.localhost:3000/portal/verify/([\\w-]{43})`).exec(
      mail?.text ?? "",
    )?.[1];
    expect(await tokens()).toEqual([{ id: hashToken(token ?? ""), clinic_id: clinic.clinicId, used_at: null }]);
    expect(mail?.envelope.to).toEqual([`owner@${clinic.slug}.example`]);
  });

  test("leaves no token behind when it could not go out", async () => {
    await unverify();
    const job = await ask();
    await sink.goDown();
    await expect(run("verify_email", job)).rejects.toThrow(NotNow);
    await sink.comeBack();
    expect(await tokens()).toEqual([]);
    expect(await run("verify_email", job)).toEqual({ did: "sent" });
    expect(await tokens()).toHaveLength(1);
  });

  test("is not sent to an address that is confirmed", async () => {
    expect(await run("verify_email", await ask())).toEqual({ did: "nothing: already verified" });
    expect(await tokens()).toEqual([]);
  });
});

test("the owners hear that their clinic is approved", async () => {
  const job = await writeEvent(t, { clinicId: clinic.clinicId, type: "clinic.approved", payload: {} });
  expect(await run("clinic_approved", job)).toEqual({ did: "sent" });
  expect(sink.mails[0]?.subject).toBe("Sunrise Clinic is open for booking");
  expect(sink.mails[0]?.envelope.to).toEqual([`owner@${clinic.slug}.example`]);
  expect(sink.mails[0]?.text).toContain(`http://${clinic.slug}.pulsecal.localhost:3000/`);
});

describe("a job", () => {
  test("with another clinic's id, or none, is refused and sends nothing", async () => {
    const { bookingId } = await visit();
    const { eventId, clinicId } = await event("booking.confirmed", bookingId);
    const other = await makeClinic(t);
    await expect(run("confirmation", { eventId, clinicId: other.clinicId })).rejects.toThrow(JobRefused);
    await expect(run("confirmation", { eventId })).rejects.toThrow(JobRefused);
    await expect(run("confirmation", { eventId, clinicId, bookingId })).rejects.toThrow(JobRefused);
    await expect(run("confirmation", { eventId: other.clinicId, clinicId })).rejects.toThrow(JobRefused);
    expect(sink.mails).toHaveLength(0);
    expect(await isDone(eventId)).toBe(false);
  });

  test("whose event points at another clinic's booking finds none", async () => {
    const { bookingId } = await visit();
    const other = await makeClinic(t);
    const job = await writeEvent(t, { clinicId: other.clinicId, type: "booking.confirmed", payload: { bookingId } });
    expect(await run("confirmation", job)).toEqual({ did: "nothing: no such booking" });
    expect(sink.mails).toHaveLength(0);
  });

  test("that does not belong to its event is refused", async () => {
    const { bookingId } = await visit();
    await expect(run("cancellation", await event("booking.confirmed", bookingId))).rejects.toThrow(JobRefused);
    await expect(run("reboot" as JobName, await event("booking.confirmed", bookingId))).rejects.toThrow(JobRefused);
    const broken = await writeEvent(t, {
      clinicId: clinic.clinicId,
      type: "booking.confirmed",
      payload: { bookingId: "no id" },
    });
    await expect(run("confirmation", broken)).rejects.toThrow(JobRefused);
  });
});
