import { pino } from "pino";
import type { Logger } from "pino";

export type { Logger };

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
  return pino(options, destination ?? (output ??= gathered()));
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

let output: ReturnType<typeof gathered> | undefined;
const gatherMs = 100;
const mostGathered = 64 * 1024;

/**
 * Standard output, a tenth of a second's lines at a time: a write per line was a twentieth of a request's processor time.
 * What was gathered leaves at exit, and at once after a fatal line. A reader who has gone is no reason to end.
 */
function gathered(): { write(line: string): void; flushSync(): void } {
  let [lines, timer]: [string, NodeJS.Timeout | undefined] = ["", undefined];
  const flushSync = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== "") process.stdout.write(lines);
    lines = "";
  };
  process.stdout.on("error", () => undefined);
  process.on("exit", flushSync);
  return {
    write(line) {
      lines += line;
      if (lines.length > mostGathered) flushSync();
      else timer ??= setTimeout(flushSync, gatherMs).unref();
    },
    flushSync,
  };
}
