import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export type SinkMail = Email & { envelope: { from: string; to: string[] }; raw: string };

export type SmtpSink = {
  url: string;
  /** everything accepted, in order, never deduplicated */
  mails: SinkMail[];
  /** Resolves when at least `count` mails have been accepted. */
  received(count: number, withinMs?: number): Promise<SinkMail[]>;
  /** Called before a mail is accepted; throw an error with `responseCode` to refuse it. */
  onMail: (mail: SinkMail) => Promise<void>;
  /** Hangs up on everyone and closes the port. */
  goDown(): Promise<void>;
  /** Listens again on the same port, if it does not. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
};

/** A real SMTP server that keeps what it is given. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const mails: SinkMail[] = [];
  const waiting = new Set<() => void>();
  let server: SMTPServer | null = null;
  let port = 0;

  const sink: SmtpSink = {
    url: "",
    mails,
    onMail: async () => {},
    received(count, withinMs = 10_000) {
      return new Promise((resolve, reject) => {
        const check = () => {
          if (mails.length < count) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(mails);
        };
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`${mails.length} of ${count} mails within ${withinMs} ms`));
        }, withinMs);
        waiting.add(check);
        check();
      });
    },
    async goDown() {
      const old = server;
      server = null;
      if (old) await new Promise<void>((resolve) => old.close(() => resolve()));
    },
    async comeBack() {
      if (server) return;
      server = await listen(port, async (mail) => {
        await sink.onMail(mail);
        mails.push(mail);
        for (const check of waiting) check();
      });
      port = (server.server.address() as AddressInfo).port; // a TCP server's address is an AddressInfo
      sink.url = `smtp://127.0.0.1:${port}`;
    },
    close: () => sink.goDown(),
  };
  await sink.comeBack();
  return sink;
}

function listen(port: number, accept: (mail: SinkMail) => Promise<void>): Promise<SMTPServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    closeTimeout: 100,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = { from: mailFrom ? mailFrom.address : "", to: rcptTo.map((to) => to.address) };
        PostalMime.parse(raw)
          .then((mail) => accept({ ...mail, envelope, raw }))
          .then(() => callback(), callback);
      });
    },
  });
  server.on("error", () => {}); // a client that hangs up is part of the tests
  return new Promise((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
