import { createTransport } from "nodemailer";
import { NotNow } from "../../jobs/retry.ts";
import { isMailAddress, mailLine } from "./mail-line.ts";

export type MailPerson = { name: string; address: string };

export type Mail = {
  messageId: string;
  from: MailPerson;
  replyTo: MailPerson | null;
  to: MailPerson[];
  subject: string;
  html: string;
  text: string;
  calendar: { method: "REQUEST" | "CANCEL"; filename: string; ics: string } | null;
};

/** The mail server said no to this very message, for good. */
export class MailRefused extends Error {
  override name = "MailRefused";
}

export type Mailer = { send(mail: Mail): Promise<void>; close(): void };

/** The longest one send may take, all timeouts together; the lease of a delivery is longer than this. */
const sendDeadlineMs = 40_000;

/** SMTP behind one function. Throws `MailRefused` for a final no, `NotNow` for everything that may pass. */
export function openMailer(smtpUrl: string): Mailer {
  // One connection per mail: a pool re-sends by itself after a broken connection, unseen by the delivery row.
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail({ ...message(mail), signal: AbortSignal.timeout(sendDeadlineMs) });
      } catch (error) {
        throw asMailError(error);
      }
    },
    close: () => transport.close(),
  };
}

function message(mail: Mail) {
  const { calendar } = mail;
  return {
    messageId: mail.messageId,
    from: mail.from,
    replyTo: mail.replyTo ?? undefined,
    to: mail.to,
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    // Keeps out-of-office answers away (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated" },
    icalEvent: calendar ? { method: calendar.method, filename: calendar.filename, content: calendar.ics } : undefined,
  };
}

type SmtpError = { code?: string; responseCode?: number; command?: string };

/** RFC 5321: 5yz is a permanent no, 4yz passes. A 5yz before the recipient is about our account, not this mail. */
function asMailError(error: unknown): Error {
  const { code = "unknown", responseCode = 0, command = "" } = (error ?? {}) as SmtpError; // nodemailer adds these
  const aboutThisMail = code === "EMESSAGE" || (code === "EENVELOPE" && command !== "MAIL FROM");
  const why = responseCode ? `${code} ${responseCode}` : code;
  // The server's words may repeat the address, so only codes travel on.
  if (aboutThisMail && responseCode >= 500 && responseCode !== 503) return new MailRefused(why);
  return new NotNow(`mail server: ${why}`);
}

/** Reads "PulseCal <hello@example.org>" or a bare address from the settings. */
export function parseSender(text: string): MailPerson {
  const parts = /^(?<name>[^<]*)<(?<address>[^>]+)>$/u.exec(text.trim())?.groups;
  const address = (parts?.address ?? text).trim();
  if (!isMailAddress(address)) throw new Error("PULSECAL_MAIL_FROM must look like: PulseCal <hello@example.org>");
  return { name: mailLine(parts?.name?.replaceAll('"', "") ?? "") || "PulseCal", address };
}
