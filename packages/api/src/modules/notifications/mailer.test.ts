import { afterEach, beforeEach, expect, test } from "vitest";
import { NotNow } from "../../jobs/retry.ts";
import { type SmtpSink, startSmtpSink } from "../../testing/smtp-sink.ts";
import { type Mail, type Mailer, MailRefused, openMailer, parseSender } from "./mailer.ts";

let sink: SmtpSink;
let mailer: Mailer;

beforeEach(async () => {
  sink = await startSmtpSink();
  mailer = openMailer(sink.url);
});

afterEach(async () => {
  mailer.close();
  await sink.close();
});

const mail: Mail = {
  messageId: "<e.confirmation@pulsecal.example>",
  from: { name: "Sunrise Clinic", address: "hello@pulsecal.example" },
  replyTo: null,
  to: [{ name: "Thandi", address: "thandi@example.org" }],
  subject: "You are booked",
  html: "<p>hi</p>",
  text: "hi",
  calendar: null,
};

test("names with line breaks and commas add neither header nor recipient", async () => {
  const nasty = "Eve\r\nBcc: all@example.org, x@example.org";
  await mailer.send({
    ...mail,
    subject: nasty,
    from: { ...mail.from, name: nasty },
    to: [{ name: nasty, address: "eve@example.org" }],
  });
  const [got] = await sink.received(1);
  expect(got?.envelope).toEqual({ from: "hello@pulsecal.example", to: ["eve@example.org"] });
  expect(got?.headers.map((header) => header.key)).not.toContain("bcc");
  expect(got?.to).toHaveLength(1);
  expect(got?.messageId).toBe(mail.messageId);
});

test("a server that is away is an outage", async () => {
  await sink.goDown();
  await expect(mailer.send(mail)).rejects.toThrow(NotNow);
});

test("a temporary no is an outage, a final no is the mail's end, and neither repeats the address", async () => {
  const say = (responseCode: number) => async () => {
    throw Object.assign(new Error("thandi@example.org is unknown"), { responseCode });
  };
  sink.onMail = say(451);
  await expect(mailer.send(mail)).rejects.toThrow(NotNow);
  sink.onMail = say(550);
  const error = await mailer.send(mail).catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(MailRefused);
  expect(String(error)).not.toContain("thandi");
});

test("the sender's setting is a name with an address, or an address", () => {
  expect(parseSender("PulseCal <hello@pulsecal.localhost>")).toEqual({
    name: "PulseCal",
    address: "hello@pulsecal.localhost",
  });
  expect(parseSender("hello@pulsecal.localhost")).toEqual({ name: "PulseCal", address: "hello@pulsecal.localhost" });
  expect(() => parseSender("PulseCal")).toThrow("PULSECAL_MAIL_FROM");
});
