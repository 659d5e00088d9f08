import { startMailbox } from "./mailbox.ts";

const httpPort = Number(process.env.PULSECAL_MAILBOX_PORT ?? 3001);
const smtpPort = Number(process.env.PULSECAL_SMTP_PORT ?? 3025);

try {
  const mailbox = await startMailbox({ httpPort, smtpPort, folder: process.env.PULSECAL_MAILBOX_DIR || null });
  process.stdout.write(`mailbox ${mailbox.url}, SMTP ${mailbox.smtpUrl}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void mailbox.close().then(() => process.exit(0)));
  }
} catch (error) {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const why = taken ? "a port is in use: set PULSECAL_MAILBOX_PORT or PULSECAL_SMTP_PORT to a free one" : String(error);
  process.stderr.write(`The mailbox cannot start: ${why}.\n`);
  process.exit(1);
}
