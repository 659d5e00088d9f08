import { pino } from "pino";
import type { Logger } from "pino";

export type { Logger };

/** A write to the log per request was a twentieth of its processor time; what is gathered leaves at exit, or by the clock. */
const gathered = { dest: 1, sync: false, minLength: 8192, periodicFlush: 200 };

/** Fields that could carry a person's data or a secret, wherever they turn up one or two levels down. */
const personal = [
  "email",
  "name",
  "patientName",
  "phone",
  "reason",
  "password",
  "token",
  "cookie",
  "authorization",
  "input",
];

/** One line per request or job; ids, never names. Redaction is the second lock, not the habit. */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: personal.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: "[kept out]" },
    serializers: { err: errorFields },
  };
  return pino(options, destination ?? pino.destination(gathered));
}

/** Database messages may quote a row's values: code and stack frames say enough, the message stays only for our own errors. */
function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = (error as { code?: unknown }).code;
  const fromDatabase = typeof code === "string" || error.name.startsWith("Prisma") || error.name.startsWith("Driver");
  return {
    type: error.name,
    code: typeof code === "string" ? code : undefined,
    message: fromDatabase ? undefined : error.message.slice(0, 300),
    frames: (error.stack ?? "")
      .split("\n")
      .filter((line) => line.startsWith("    at "))
      .slice(0, 8),
  };
}
