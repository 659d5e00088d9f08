import type { Services } from "@pulsecal/api";
import { Hono } from "hono";

/**
 * `/health/live`: the process answers. `/health/ready`: it may be sent requests: the database answers and shutdown has
 * not begun. `/health`: both, in words. Redis is reported but not required: booking works without it.
 */
export function health(s: Services, draining: () => boolean): Hono {
  const app = new Hono();
  app.get("/live", (c) => c.json({ status: "ok" }));
  app.get("/ready", async (c) => {
    const ready = !draining() && (await answers(() => s.db.check()));
    return c.json({ status: ready ? "ok" : "unavailable" }, ready ? 200 : 503);
  });
  app.get("/", async (c) => {
    const [database, redis] = await Promise.all([answers(() => s.db.check()), answers(() => s.redis.ping())]);
    const ready = database && !draining();
    return c.json({ status: ready ? "ok" : "unavailable", database, redis, draining: draining() }, ready ? 200 : 503);
  });
  return app;
}

async function answers(probe: () => Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2_000).unref());
  const answer = probe().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]);
}
