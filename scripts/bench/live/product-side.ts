import { randomUUID } from "node:crypto";
import { closeServices, createCaller, createServices, makeContext, readEnv, type Services } from "@pulsecal/api";
import { makeClinic, type MadeClinic, type TestDatabase } from "@pulsecal/db/testing";
import type { LiveSide } from "../live.ts";
import { baseDomain, webEnvironment } from "../system.ts";
import { startServer } from "./server-process.ts";
import { openWatchers, type Watchers } from "./watchers.ts";

/** A service short enough for a day that lasts as long as the bench. */
const minutes = 4;

/** The product's own two subscriptions: sockets on a server of its own, bookings made in this process, a second node. */
export async function openProduct(t: TestDatabase, crowd: number) {
  const env = webEnvironment({
    dbUrl: t.url,
    roleSecret: t.roleSecret,
    redisUrl: process.env.PULSECAL_TEST_REDIS ?? "",
  });
  const server = await startServer("product-server.ts", [], { ...env, LOG_LEVEL: "warn" });
  const s = createServices(readEnv({ ...env, LOG_LEVEL: "warn" }));
  const committed = stampCommits(s);
  const opened: Watchers[] = [];
  const open = async (count: number, kind: "events" | "times") => {
    const clinic = await makeClinic(t, { minutes, intervalMinutes: minutes, hours: { from: 0, to: 1440 } });
    const host = `${clinic.slug}.${baseDomain}:${server.port}`;
    const start = starts();
    const subscription =
      kind === "events"
        ? { path: "staff.live.events", input: undefined }
        : {
            path: "public.live.times",
            input: { serviceId: clinic.serviceId, who: clinic.practitionerId, date: start.day },
          };
    const cookie =
      kind === "events"
        ? `pc_staff=${(await s.sessions.start("staff", clinic.ownerAccountId, clinic.clinicId)).token}`
        : undefined;
    const watchers = await openWatchers({
      port: server.port,
      host,
      count,
      subscription,
      ...(cookie ? { cookie } : {}),
    });
    opened.push(watchers);
    return async (): Promise<number> => {
      const at = start.next();
      const heard = watchers.allHear(at.toISOString());
      await book(s, clinic, host, at);
      return (await heard) - committed();
    };
  };
  const sideOf = async (kind: "events" | "times"): Promise<LiveSide> => {
    const rooms = { alone: await open(1, kind), crowd: await open(crowd, kind) };
    return { pid: server.pid, toLast: (watchers) => rooms[watchers]() };
  };
  const sides = { events: await sideOf("events"), times: await sideOf("times") };
  return {
    sides,
    close: async () => {
      for (const watchers of opened) watchers.close();
      await closeServices(s);
      await server.stop();
    },
  };
}

/** Remembers when the last wake-up was about to be published: its commit has just returned. */
function stampCommits(s: Services): () => number {
  const { wake } = s.bus;
  let at = Number.NaN;
  s.bus.wake = (...args) => {
    at = performance.now();
    return wake.apply(s.bus, args);
  };
  return () => at;
}

async function book(
  s: Services,
  { serviceId, practitionerId: who }: MadeClinic,
  host: string,
  start: Date,
): Promise<void> {
  // Every patient comes from an address of their own, so that no budget is spent.
  const facts = { host, cookieHeader: null, requestId: randomUUID(), ip: randomUUID(), setCookie: () => undefined };
  const caller = createCaller(await makeContext(s, facts));
  const patient = { name: "Thandi Bench", email: "thandi@example.com" };
  await caller.public.booking.book({ serviceId, who, start, ...patient, key: randomUUID() });
}

/** One free time after the other of the day after tomorrow, which is the day that the room of times watches. */
function starts() {
  const day = Math.floor(Date.now() / 86_400_000) + 2;
  // midnight in Johannesburg, all year
  const midnight = day * 86_400_000 - 2 * 60 * 60_000;
  let turn = 0;
  return {
    day: new Date(day * 86_400_000).toISOString().slice(0, 10),
    next: (): Date => {
      turn += 1;
      return new Date(midnight + turn * minutes * 60_000);
    },
  };
}
