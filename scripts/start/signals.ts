const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Resolves with an exit code when we are asked to end: by a signal (further ones are ignored, a terminal and npm both
 * send one), or because the bootstrap that started us is gone.
 */
export function untilAsked(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve(EXIT_CODES[signal]));
    const parent = Number(process.env.PULSECAL_PARENT);
    if (parent !== process.ppid) return; // started by hand
    const watch = setInterval(() => {
      if (process.ppid !== parent) resolve(EXIT_CODES.SIGHUP);
    }, 500);
    watch.unref();
  });
}
