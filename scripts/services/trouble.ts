/** Trouble a person can act on: its message is the one sentence that gets printed, without a stack. */
export class Trouble extends Error {}

/** Runs a command's main function; a `Trouble` ends it with its sentence and exit code 1. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Trouble ? error.message : describe(error)}\n`);
    process.exitCode = 1;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
