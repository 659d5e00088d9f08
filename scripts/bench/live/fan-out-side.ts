import { randomUUID } from "node:crypto";
import { type FanOutMode, fanOutModes } from "@pulsecal/api/testing";
import { Redis } from "ioredis";
import type { LiveSide } from "../live.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { openWatchers, type Watchers } from "./watchers.ts";

/** The four ways of a bare server, each in a process of its own, each with one room of one and one of many. */
export async function openFanOut(
  crowd: number,
): Promise<{ sides: Record<FanOutMode, LiveSide>; close(): Promise<void> }> {
  const channel = `bench-${randomUUID()}`;
  const redis = new Redis(process.env.PULSECAL_TEST_REDIS ?? "");
  const servers: ServerProcess[] = [];
  const watchers: Watchers[] = [];
  const open = async (mode: FanOutMode): Promise<LiveSide> => {
    const server = await startServer("fan-out-server.ts", [mode, `${channel}-${mode}`], process.env);
    servers.push(server);
    const watch = async (room: string, count: number): Promise<Watchers> => {
      const subscription = { path: "watch", input: { room } };
      const where = mode === "raw" ? { query: `?room=${room}` } : { subscription };
      const opened = await openWatchers({ port: server.port, host: "bench.localhost", count, ...where });
      watchers.push(opened);
      return opened;
    };
    const rooms = { alone: await watch("alone", 1), crowd: await watch("crowd", crowd) };
    return {
      pid: server.pid,
      toLast: async (room) => {
        const message = messageOf(room);
        const heard = rooms[room].allHear(message.data.taken[0] ?? "");
        const published = performance.now();
        await redis.publish(`${channel}-${mode}`, JSON.stringify(message));
        return (await heard) - published;
      },
    };
  };
  const sides = {} as Record<FanOutMode, LiveSide>;
  for (const mode of fanOutModes) sides[mode] = await open(mode);
  return {
    sides,
    close: async () => {
      for (const some of watchers) some.close();
      for (const server of servers) await server.stop();
      redis.disconnect();
    },
  };
}

let turn = 0;

/** A message as a day's times send it: a time is taken. */
function messageOf(room: string) {
  turn += 1;
  const start = new Date(Date.parse("2030-01-07T06:00:00Z") + turn * 60_000).toISOString();
  const data = { kind: "delta", date: "2030-01-07", taken: [start], free: [], count: 27 };
  return { room, cursor: `${randomUUID()}.${randomUUID()}`, data };
}
