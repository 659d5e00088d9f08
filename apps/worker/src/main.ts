import { createServices, readEnv } from "@pulsecal/api/worker";
import { runWorker } from "./run-worker.ts";
import { stopOnSignal } from "./shutdown.ts";

try {
  const s = createServices(readEnv());
  const worker = await runWorker(s);
  stopOnSignal(s.log, () => worker.stop());
  await worker.ready;
  s.log.info({ health: s.env.workerHealthPort || null }, "worker is running");
} catch (error) {
  // One sentence, no stack: what is wrong at boot is a setting.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
