/**
 * Lets an interrupted test run end by `process.exit`, whose handlers end the servers it started; a signal's own way of
 * ending a process runs no handlers.
 */
export function exitOnSignals(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    // "on", not "once": a second one (npm and a terminal both send it) must not cut the exit handlers short.
    process.on(signal, () => process.exit(code));
  }
}
