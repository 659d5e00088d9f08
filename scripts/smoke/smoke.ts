import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { book, checkCalendar, chooseTime, offered, watchPortal, watchTimes } from "./book.ts";
import { bookByForm, cancelByForm } from "./book-by-form.ts";
import { readMails } from "./mails.ts";
import {
  approve,
  type Clinic,
  key,
  openConsole,
  setHoursAndService,
  signIn,
  signUp,
  type Tools,
  verify,
} from "./open-clinic.ts";
import { refusal } from "./refusals.ts";
import { createReport, explain, type Report } from "./report.ts";
import { visit } from "./site.ts";

export type SmokeOptions = {
  webPort: number;
  baseDomain: string;
  mailboxUrl: string;
  /** a platform admin */
  adminLogin: { email: string; password: string };
  workerHealthPort?: number;
  log?: (line: string) => void;
};

/** Runs the product's main job once against a running system, through its public interfaces only. */
export async function runSmoke(o: SmokeOptions): Promise<{ passed: number; failed: number }> {
  const log = o.log ?? ((line) => process.stdout.write(`${line}\n`));
  const report = createReport(log);
  let failed = 0;
  try {
    await mainJob(o, report);
  } catch (error) {
    failed = 1;
    log(`     ${explain(error)}`);
  }
  log(`smoke: ${report.passed()} passed, ${failed} failed`);
  return { passed: report.passed(), failed };
}

async function mainJob(o: SmokeOptions, report: Report): Promise<void> {
  const step: Report["step"] = (name, run) => report.step(name, run);
  const tools: Tools = { site: { webPort: o.webPort, baseDomain: o.baseDomain }, mails: readMails(o.mailboxUrl) };
  await step("every part answers", () => checkHealth(o, tools));
  const console = await step("a platform admin signs in and watches", () => openConsole(tools, o.adminLogin));

  const clinic = await step("a clinic signs up", () => signUp(tools, "Smoke Clinic"));
  await step("the console hears of it", () => console.heard("clinic.signed_up", clinic.slug));
  await step("signing in waits for the address to be verified", async () => {
    assert.equal(await refusal(signIn(clinic)), "email_unverified");
  });
  await step("the mail's link verifies the address", () => verify(tools, clinic));
  await step("the owner signs in", () => signIn(clinic));
  const serviceId = await step("the owner sets hours and a service", () => setHoursAndService(clinic));
  await step("nothing can be booked before approval", async () => {
    const { booking, clinic: page } = clinic.patient.api.public;
    assert.equal((await page.home.query()).bookable, false);
    const wish = { serviceId, who: "any", start: new Date(Date.now() + 24 * 3_600_000), key: key() } as const;
    assert.equal(await refusal(booking.hold.mutate(wish)), "not_bookable");
    assert.equal((await clinic.patient.get("/")).status, 200);
  });
  await step("the console approves it, live, and the owner hears by mail", () => approve(tools, console, clinic));
  const other = await step("a second clinic opens the same way", () => openOther(tools, console));
  const otherBefore = await offered(other.clinic, other.serviceId);
  await console.leave();

  const chosen = await step("a patient reads times on the clinic's address", () => chooseTime(clinic, serviceId));
  const times = await step("the page subscribes to the day's times", () => watchTimes(clinic, chosen));
  const portal = await step("the portal subscribes to the clinic's events", () => watchPortal(clinic));
  const otherPortal = await step("so does the second clinic's portal", () => watchPortal(other.clinic));
  const at = chosen.start.toISOString();
  const thandi = { name: "Thandi Nkosi", email: address("thandi") };

  const { token, ref } = await step("the patient holds the time and books it, each sent twice", () =>
    book(clinic, chosen, thandi),
  );
  await step("the time leaves the other pages live", () =>
    times.until((said) => said.kind === "delta" && said.taken.includes(at), "the time being taken"),
  );
  const { booking } = await step("the booking enters the portal live", () =>
    portal.until((said) => said.type === "booking.confirmed" && said.booking?.ref === ref, "the booking"),
  );
  const bookingId = booking?.id ?? assert.fail("the event carries no booking");
  const entry = await step("the confirmation mail carries a calendar file that parses", async () => {
    const mail = await tools.mails.find(thandi.email, new RegExp(`^You are booked: .* at ${clinic.name}$`));
    assert.ok(mail.text.includes(`/b/${token}`), "the mail links to the booking");
    return checkCalendar(mail, { method: "REQUEST", start: chosen.start });
  });
  await step("the booking's page and calendar file answer", () => checkBookingPage(clinic, token, entry.uid));
  await step("the second clinic sees none of it", () => checkOther(tools, { clinic, other, bookingId, token }));

  await step("the patient cancels", async () => {
    const cancelled = await clinic.patient.api.patient.booking.cancel.mutate({ token, key: key() });
    assert.equal(cancelled.state, "cancelled");
  });
  await step("the time returns live and to new readers", async () => {
    await times.until((said) => said.kind === "delta" && said.free.includes(at), "the time being free");
    assert.ok((await offered(clinic, serviceId)).includes(at));
  });
  await step("the portal hears of it", () =>
    portal.until((said) => said.type === "booking.cancelled" && said.booking?.id === bookingId, "the cancellation"),
  );
  await step("the cancellation mail takes the visit out of the calendar", async () => {
    const mail = await tools.mails.find(thandi.email, new RegExp(`^Cancelled: .* at ${clinic.name}$`));
    const gone = checkCalendar(mail, { method: "CANCEL", start: chosen.start });
    assert.equal(gone.uid, entry.uid);
    assert.ok(gone.sequence > entry.sequence, "a later sequence replaces the visit");
  });

  const byForm = address("form");
  await step("booking and cancelling work with plain forms, without JavaScript", async () => {
    const own = await bookByForm(clinic, serviceId, byForm);
    await tools.mails.find(byForm, /^You are booked/);
    await cancelByForm(clinic, own);
    await tools.mails.find(byForm, /^Cancelled/);
  });
  await step("nothing of it reached the second clinic's portal or times", async () => {
    // An event of its own comes last, so everything before it has arrived.
    await setHoursAndService(other.clinic);
    await otherPortal.until((said) => said.type === "service.changed", "its own event");
    assert.deepEqual(
      otherPortal.heard.filter((said) => said.type.startsWith("booking.")),
      [],
    );
    const later = otherBefore.slice(otherBefore.length / 2);
    const now = await offered(other.clinic, other.serviceId);
    assert.deepEqual(
      later.filter((time) => !now.includes(time)),
      [],
    );
  });

  for (const listener of [times, portal, otherPortal]) listener.close();
  await Promise.all([clinic, other.clinic].flatMap(({ owner, patient }) => [owner.leave(), patient.leave()]));
}

/** An address of this run only: the mailbox may hold mails of earlier ones. */
const address = (name: string): string => `${name}-${randomUUID().slice(0, 8)}@smoke.example`;

async function checkHealth(o: SmokeOptions, { site }: Tools): Promise<void> {
  const [apex, console, nowhere] = ["", "admin", `nobody-${randomUUID().slice(0, 8)}`].map((name) => visit(site, name));
  assert.equal((await apex?.get("/health/ready"))?.status, 200, "web is ready");
  assert.equal((await apex?.get("/"))?.status, 200, "the apex answers");
  assert.equal((await console?.get("/sign-in"))?.status, 200, "the console answers");
  assert.equal((await nowhere?.get("/"))?.status, 404, "a clinic that is not there is not found");
  assert.equal((await fetch(new URL("/health", o.mailboxUrl))).status, 200, "the mailbox answers");
  if (!o.workerHealthPort) return;
  assert.equal((await fetch(`http://127.0.0.1:${o.workerHealthPort}/health/ready`)).status, 200, "the worker is ready");
}

type Other = { clinic: Clinic; serviceId: string };

async function openOther(tools: Tools, console: Awaited<ReturnType<typeof openConsole>>): Promise<Other> {
  const clinic = await signUp(tools, "Other Clinic");
  await verify(tools, clinic);
  await signIn(clinic);
  const serviceId = await setHoursAndService(clinic);
  await approve(tools, console, clinic);
  return { clinic, serviceId };
}

async function checkBookingPage(clinic: Clinic, token: string, uid: string): Promise<void> {
  const page = await clinic.patient.get(`/b/${token}`);
  assert.equal(page.status, 200);
  assert.match(page.html, /Dr Mokoena/);
  const file = await clinic.patient.get(`/b/${token}/calendar.ics`);
  assert.equal(file.status, 200);
  assert.ok(file.html.replace(/\r\n[ \t]/g, "").includes(`UID:${uid}`), "the page's file and the mail's are one visit");
}

type Apart = { clinic: Clinic; other: Other; bookingId: string; token: string };

/** The same reads from the second clinic get nothing, and cannot tell a foreign booking from none. */
async function checkOther({ site }: Tools, { clinic, other, bookingId, token }: Apart): Promise<void> {
  const { staff, patient } = other.clinic.owner.api;
  assert.equal(
    (await clinic.owner.api.staff.bookings.get.query({ bookingId })).id,
    bookingId,
    "its own staff reads it",
  );
  for (const id of [bookingId, randomUUID()]) {
    assert.equal(await refusal(staff.bookings.get.query({ bookingId: id })), "not_found");
    assert.equal(await refusal(staff.bookings.cancel.mutate({ bookingId: id, key: key() })), "not_found");
  }
  assert.equal(
    await refusal(patient.booking.get.query({ token })),
    "not_found",
    "the link opens on its own clinic only",
  );
  assert.deepEqual((await staff.today.query()).bookings, []);

  const stranger = visit(site, clinic.slug);
  for (const [name, value] of other.clinic.owner.cookies) stranger.cookies.set(name, value);
  assert.equal(
    await refusal(stranger.api.staff.bookings.get.query({ bookingId })),
    "unauthenticated",
    "a session stays on its host",
  );
  await stranger.leave();
}
