export type Report = {
  /** Runs one step and prints it with its milliseconds; a failed step ends the run. */
  step<T>(name: string, run: () => Promise<T>): Promise<T>;
  passed(): number;
};

/** Prints steps as they end. */
export function createReport(log: (line: string) => void): Report {
  let passed = 0;
  return {
    async step(name, run) {
      const began = performance.now();
      const took = () => `${Math.round(performance.now() - began)} ms`.padStart(8);
      try {
        const result = await run();
        passed += 1;
        log(`ok   ${took()}  ${name}`);
        return result;
      } catch (error) {
        log(`FAIL ${took()}  ${name}`);
        throw error;
      }
    },
    passed: () => passed,
  };
}

/** What went wrong, with its causes, in a few lines. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frame =
    error.stack
      ?.split("\n")
      .find((line) => /scripts[\\/]smoke/.test(line))
      ?.trim() ?? "";
  const cause = error.cause ? `\n     because ${explain(error.cause)}` : "";
  return `${error.message} ${frame}${cause}`;
}
