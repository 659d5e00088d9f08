import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A server of the benches in a process of its own; it ends with us. */
export type ServerProcess = { port: number; pid: number; stop(): Promise<void> };

/** Starts one of the files beside this one and waits until it listens. */
export async function startServer(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, file), args, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const [port] = await Promise.race([once(child, "message"), ended.then(() => [0])]);
  if (!port) throw new Error(`${file} ended before it listened`);
  return {
    port: Number(port),
    pid: child.pid ?? 0,
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
