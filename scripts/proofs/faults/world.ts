import { createHash, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Database, newId, openDatabase } from "@pulsecal/db";
import { deploy, provision } from "@pulsecal/db/migrate";
import { makeClinic, type TestDatabase } from "@pulsecal/db/testing";
import { Redis } from "ioredis";
import pg from "pg";
import { makeFolder, root } from "../../services/folders.ts";
import { freePort } from "../../services/ports.ts";
import { type RedisServer, startRedis } from "../../services/redis.ts";
import { buildWeb } from "../../start/build-web.ts";
import { partEnvironment, surroundings, withoutLogin } from "../../start/part-environment.ts";
import { newSecrets } from "../../start/secrets.ts";
import { readSettings } from "../../start/settings.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { describePart, type Part } from "./part.ts";
import { openSink, type Sink } from "./sink.ts";
import { openWire, type Wire } from "./wire.ts";

/** A clinic of this run and one of its owners' sessions. */
export type Clinic = { id: string; slug: string; serviceId: string; doctors: string[]; cookie: string };

type Row = Record<string, unknown>;

/** Everything that runs, each part with lines of its own to the servers. */
export type World = {
  webs: [Part, Part];
  workers: [Part, Part];
  sink: Sink;
  cluster: Cluster;
  /** A part's line to PostgreSQL, by the part's name. */
  lineOf(part: string): Wire;
  redisLine: Wire;
  killRedis(): Promise<void>;
  startRedis(): Promise<void>;
  redis(): Redis;
  clinics: [Clinic, Clinic];
  baseDomain: string;
  /** SQL as superuser, past the proxies and row security. */
  admin<R extends Row = Row>(sql: string, params?: unknown[]): Promise<R[]>;
  adminUrl: string;
  logs: string;
  /** Puts everything back that a fault may have left broken. */
  heal(): Promise<void>;
  close(): Promise<void>;
};

const PASSWORD = "loopback-only";
const DOCTORS = 4;

/** Builds the web app when its sources changed, and starts two web nodes, two workers and all they stand on. */
export async function openWorld(say: (text: string) => void): Promise<World> {
  const stops: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) {
      await stop().catch((error: unknown) => say(`while stopping: ${String(error)}`));
    }
  };
  try {
    return await open(say, stops, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  say: (text: string) => void,
  stops: (() => Promise<unknown>)[],
  close: World["close"],
): Promise<World> {
  const logs = join(root, ".pulsecal", "proof-logs");
  rmSync(logs, { recursive: true, force: true });
  makeFolder(logs);
  const keep = <T extends { close(): Promise<void> }>(made: T): T => {
    stops.push(() => made.close());
    return made;
  };

  const built = buildWeb(say);
  built.catch(() => undefined); // looked at below, also when something before it fails
  const cluster = keep(await startCluster(join(logs, "postgres.log")));
  const secrets = newSecrets();
  await deploy(cluster.adminUrl);
  await provision(cluster.adminUrl, secrets.databaseRoles);
  const pool = new pg.Pool({ connectionString: cluster.adminUrl, max: 3, application_name: "pulsecal-faults" });
  pool.on("error", () => undefined); // the server is stopped under it on purpose
  stops.push(() => pool.end());
  const admin = async <R extends Row>(sql: string, params: unknown[] = []): Promise<R[]> =>
    (await pool.query<R>(sql, params)).rows;

  let server: RedisServer | null = await startRedis({ ephemeral: true, password: PASSWORD });
  stops.push(async () => server?.stop());
  const redisLine = keep(await openWire(Number(new URL(server.url).port)));
  let client = connectRedis(server.url);
  stops.push(async () => client.disconnect());

  const sink = keep(await openSink(["worker1", "worker2"]));
  const lines = new Map<string, Wire>();
  const settings = readSettings({ PULSECAL_PUBLIC_PORT: "" });
  const describe = async (name: string, script: string): Promise<Part> => {
    const line = keep(await openWire(cluster.port));
    lines.set(name, line);
    const port = await freePort();
    const isWorker = name.startsWith("worker");
    const services = {
      databaseUrl: `postgres://127.0.0.1:${line.port}/pulsecal`,
      redisUrl: `redis://:${PASSWORD}@127.0.0.1:${redisLine.port}`,
    };
    const smtp = { SMTP_URL: `smtp://127.0.0.1:${isWorker ? sink.portOf(name) : 1}` };
    const env = partEnvironment(settings, services, secrets, { ...surroundings(process.env), ...smtp });
    return describePart({
      name,
      script,
      port,
      logs,
      env: { ...env, ...(isWorker ? { PULSECAL_WORKER_HEALTH_PORT: String(port) } : { PORT: String(port) }) },
    });
  };
  const webs: World["webs"] = [
    await describe("web1", "apps/web/server.ts"),
    await describe("web2", "apps/web/server.ts"),
  ];
  const workers: World["workers"] = [
    await describe("worker1", "apps/worker/src/main.ts"),
    await describe("worker2", "apps/worker/src/main.ts"),
  ];
  const db = openDatabase({ url: withoutLogin(cluster.adminUrl), roleSecret: secrets.databaseRoles });
  const clinics: World["clinics"] = [
    await makeOurClinic(db, admin, cluster.adminUrl, "aloe-rooms"),
    await makeOurClinic(db, admin, cluster.adminUrl, "baobab-rooms"),
  ];
  await db.close();

  await built;
  const parts = [...webs, ...workers];
  for (const part of parts) {
    stops.push(async () => {
      if (part.runs()) await part.kill();
    });
  }
  await Promise.all(parts.map((part) => part.start()));
  const killRedis = async (): Promise<void> => {
    client.disconnect();
    if (server?.child) process.kill(server.child.pid, "SIGKILL");
    await server?.stop();
    server = null;
  };
  const startRedisAgain = async (): Promise<void> => {
    server = await startRedis({ ephemeral: true, password: PASSWORD });
    redisLine.retarget(Number(new URL(server.url).port));
    client = connectRedis(server.url);
  };
  const heal = async (): Promise<void> => {
    for (const line of [...lines.values(), redisLine]) {
      line.restore();
      line.delay(0);
    }
    sink.slow(0);
    sink.refuseFor(0);
    await sink.comeBack();
    if (!cluster.runs()) await cluster.start();
    if (!server) await startRedisAgain();
    for (const part of parts) {
      part.thaw();
      if (!part.runs()) await part.start();
    }
  };
  return {
    webs,
    workers,
    sink,
    heal,
    killRedis,
    startRedis: startRedisAgain,
    cluster,
    redisLine,
    clinics,
    baseDomain: settings.baseDomain,
    admin,
    adminUrl: cluster.adminUrl,
    logs,
    close,
    redis: () => client,
    lineOf: (part) => {
      const line = lines.get(part);
      if (!line) throw new Error(`no part is called ${part}`);
      return line;
    },
  };
}

function connectRedis(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  redis.on("error", () => undefined); // the commands carry the same error
  return redis;
}

/** A live clinic with several doctors and a signed-in owner. */
async function makeOurClinic(db: Database, admin: World["admin"], adminUrl: string, slug: string): Promise<Clinic> {
  // The factory writes through the doors and approves as superuser; the rest of a test's database it never touches.
  const made = await makeClinic({ db, admin, adminUrl } as TestDatabase, { slug, name: slug });
  const { clinicId, serviceId, locationId, practitionerId, ownerAccountId } = made;
  const doctors = [practitionerId];
  await db.withTx({ clinicId, actor: ownerAccountId }, async (tx) => {
    for (let count = 1; count < DOCTORS; count += 1) {
      const id = newId();
      const name = `Dr ${count}`;
      doctors.push(id);
      await tx.resource.createMany({ data: { clinicId, id, kind: "practitioner", name } });
      await tx.practitioner.createMany({ data: { clinicId, id, locationId, name, approval: "approved" } });
      await tx.servicePractitioner.createMany({ data: { clinicId, id: newId(), serviceId, practitionerId: id } });
      const day = { clinicId, resourceId: id, fromMinute: 480, toMinute: 1020 };
      const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ ...day, id: newId(), weekday }));
      await tx.openingHours.createMany({ data: week });
    }
  });
  const token = sessionToken();
  await admin(
    `INSERT INTO auth.session (id, account_id, kind, clinic_id, created_at, expires_at, absolute_expires_at)
     VALUES ($1, $2, 'staff', $3, now(), now() + interval '6 hours', now() + interval '12 hours')`,
    [createHash("sha256").update(token).digest("hex"), ownerAccountId, clinicId],
  );
  return { id: clinicId, slug, serviceId, doctors, cookie: `pc_staff=${token}` };
}

/** 40 letters as sign-in gives them out. */
function sessionToken(): string {
  return [...randomBytes(40)].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");
}
