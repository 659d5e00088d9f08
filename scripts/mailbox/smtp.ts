import { SMTPServer } from "smtp-server";
import type { Store } from "./store.ts";

const mostBytes = 10_000_000;

/** An SMTP server on loopback that accepts everything and keeps it; never deduplicates. */
export function listenSmtp(store: Store, port: number): Promise<SMTPServer> {
  const server = new SMTPServer({
    banner: "PulseCal mailbox",
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    size: mostBytes,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (stream.sizeExceeded) return callback(Object.assign(new Error("Message is too big"), { responseCode: 552 }));
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = { from: mailFrom ? mailFrom.address : "", to: rcptTo.map((to) => to.address) };
        store.add(envelope, Buffer.concat(chunks).toString("utf8")).then(
          () => callback(),
          (error: Error) => callback(error),
        );
      });
    },
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      server.on("error", () => {}); // a client that hangs up harms nobody
      resolve(server);
    });
  });
}
