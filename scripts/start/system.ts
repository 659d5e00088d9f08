import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, type Exit, type Launch, launch } from "../services/child.ts";
import { makeFolder, root } from "../services/folders.ts";
import { freePort, isPortTaken } from "../services/ports.ts";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";
import { Trouble } from "../services/trouble.ts";
import { buildWeb } from "./build-web.ts";
import { untilHealthy } from "./health.ts";
import { partEnvironment, type Services, surroundings } from "./part-environment.ts";
import type { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";

export type SystemOptions = {
  settings: Settings;
  secrets: Secrets;
  /** The surroundings: addresses of servers that are not ours, PATH and the like. */
  env: Record<string, string | undefined>;
  /** Where the parts' logs go. */
  logs: string;
  /** Throw-away database and Redis, for tests. */
  ephemeral?: boolean;
  /** Development servers in place of the production build. */
  dev?: boolean;
  say: (text: string) => void;
  /** Hears of each process as it begins. */
  onPart?: (name: string, pid: number) => void;
  /** Ends the start before it is through. */
  until?: AbortSignal;
};

export type System = {
  mailboxUrl: string | null;
  workerHealthPort: number;
  databaseUrl: string;
  /** Resolves with a sentence and the part's last lines when a part ends by itself. */
  crashed: Promise<string>;
  stop(): Promise<void>;
};

const HEALTHY_MS = 60_000;
const DATABASE = "pulsecal";

/**
 * Brings the whole product up in order. When a step fails or `until` is aborted, what runs by then is stopped again.
 */
export async function startSystem(o: SystemOptions): Promise<System> {
  const withMailbox = o.settings.mode === "demo" && !o.env.SMTP_URL;
  await refuseTakenPorts(o.settings, withMailbox);
  makeFolder(o.logs);
  const parts = new Parts(o);
  const aborted = new Promise<never>((_resolve, reject) => {
    o.until?.addEventListener("abort", () => reject(new Trouble("Stopped while starting.")));
  });
  try {
    return await Promise.race([bringUp(o, parts, withMailbox), aborted]);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

/** What runs, in the order it came up. */
class Parts {
  readonly crashed: Promise<string>;
  readonly #o: SystemOptions;
  readonly #stops: (() => Promise<void>)[] = [];
  #report: (text: string) => void = () => {};
  #stopping = false;

  constructor(o: SystemOptions) {
    this.#o = o;
    this.crashed = new Promise((resolve) => {
      this.#report = resolve;
    });
  }

  run(part: Pick<Launch, "name" | "args" | "env">): Child {
    const logFile = this.logFile(part.name);
    const child = launch({ ...part, command: process.execPath, cwd: root, logFile, echo: this.#o.dev });
    this.keep({ child, stop: () => child.stop() });
    return child;
  }

  keep(part: { child: Child | null; stop(): Promise<void> }): void {
    this.#stops.push(part.stop);
    const { child } = part;
    if (!child) return;
    this.#o.onPart?.(child.name, child.pid);
    void child.exited.then((exit) => {
      if (this.#stopping) return;
      this.#report(`${child.name} ended (${howItEnded(exit)}). Its last lines:\n${child.tail()}`);
    });
  }

  logFile(name: string): string {
    return join(this.#o.logs, `${name}.log`);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const end of this.#stops.splice(0).reverse()) await end();
  }
}

async function bringUp(o: SystemOptions, parts: Parts, withMailbox: boolean): Promise<System> {
  const { settings, dev } = o;
  const [services] = await settled([startServices(o, parts), dev ? Promise.resolve(false) : buildWeb(o.say)]);
  o.say("Preparing the database ...");
  await prepareDatabase(o, parts, services);

  o.say("Starting web and worker ...");
  const env = { ...partEnvironment(settings, services, o.secrets, o.env), ...(dev ? { NODE_ENV: "development" } : {}) };
  const workerHealthPort = await freePort();
  const mailboxUrl = withMailbox ? `http://127.0.0.1:${settings.mailboxPort}` : null;
  const waits: Promise<void>[] = [];
  if (mailboxUrl) {
    const ports = {
      PULSECAL_MAILBOX_PORT: String(settings.mailboxPort),
      PULSECAL_SMTP_PORT: String(settings.smtpPort),
    };
    const mailbox = parts.run({
      name: "mailbox",
      args: ["scripts/mailbox/main.ts"],
      env: { ...surroundings(o.env), ...ports },
    });
    waits.push(untilHealthy(mailbox, `${mailboxUrl}/health`, HEALTHY_MS));
  }
  const web = parts.run({ name: "web", args: [dev ? "apps/web/dev.ts" : "apps/web/server.ts"], env });
  waits.push(untilHealthy(web, `http://${localAddress(settings.bind)}:${settings.webPort}/health/ready`, HEALTHY_MS));
  const worker = parts.run({
    name: "worker",
    args: [...(dev ? ["--watch"] : []), "apps/worker/src/main.ts"],
    env: { ...env, PULSECAL_WORKER_HEALTH_PORT: String(workerHealthPort) },
  });
  waits.push(untilHealthy(worker, `http://127.0.0.1:${workerHealthPort}/health/ready`, HEALTHY_MS));
  await settled(waits);
  const { databaseUrl } = services;
  return { mailboxUrl, workerHealthPort, databaseUrl, crashed: parts.crashed, stop: () => parts.stop() };
}

async function startServices(o: SystemOptions, parts: Parts): Promise<Services> {
  const { ephemeral, secrets, say } = o;
  const start = async <Service extends Parameters<Parts["keep"]>[0]>(starting: Promise<Service>): Promise<Service> => {
    const service = await starting;
    parts.keep(service);
    return service;
  };
  const logs = [parts.logFile("postgres"), parts.logFile("redis")];
  const [postgres, redis] = await settled([
    start(startPostgres({ ephemeral, password: secrets.postgres, database: DATABASE, logFile: logs[0] })),
    start(startRedis({ ephemeral, password: secrets.redis, logFile: logs[1], say })),
  ]);
  return { databaseUrl: postgres.url, redisUrl: redis.url };
}

async function prepareDatabase(o: SystemOptions, parts: Parts, services: Services): Promise<void> {
  const child = launch({
    name: "the preparation of the database",
    command: process.execPath,
    args: [fileURLToPath(new URL("./prepare.ts", import.meta.url)), ...(o.settings.mode === "demo" ? ["--seed"] : [])],
    cwd: root,
    env: {
      ...surroundings(o.env),
      NODE_ENV: "production",
      DATABASE_URL: services.databaseUrl,
      PULSECAL_DB_ROLE_SECRET: o.secrets.databaseRoles,
      PULSECAL_KEYRING: o.secrets.keyring,
    },
    logFile: parts.logFile("prepare"),
  });
  const exit = await child.exited;
  if (exit.code !== 0) throw new Trouble(`The database could not be prepared (${howItEnded(exit)}):\n${child.tail()}`);
}

async function refuseTakenPorts(s: Settings, withMailbox: boolean): Promise<void> {
  const wanted: [name: string, port: number, host: string][] = [["PORT", s.webPort, s.bind]];
  if (withMailbox) {
    wanted.push(["PULSECAL_MAILBOX_PORT", s.mailboxPort, "127.0.0.1"], ["PULSECAL_SMTP_PORT", s.smtpPort, "127.0.0.1"]);
  }
  for (const [index, [name, port, host]] of wanted.entries()) {
    const twin = wanted.slice(0, index).find(([, other]) => other === port);
    if (twin) throw new Trouble(`${twin[0]} and ${name} are both ${port}: set them to different ports.`);
    if (await isPortTaken(port, host)) throw new Trouble(`Port ${port} is in use: set ${name} to a free port.`);
  }
}

function localAddress(bind: string): string {
  if (bind === "0.0.0.0" || bind === "::") return "127.0.0.1";
  return bind.includes(":") ? `[${bind}]` : bind;
}

function howItEnded(exit: Exit): string {
  return exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`;
}

/** Waits for all before it fails with the first failure, so that nothing starts behind the back of a clean-up. */
async function settled<Values extends readonly unknown[]>(
  work: { [K in keyof Values]: Promise<Values[K]> },
): Promise<Values> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as Values;
}
