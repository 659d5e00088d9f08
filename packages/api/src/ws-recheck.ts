import type { Services } from "./infra/services.ts";
import { clinicStatuses } from "./modules/tenancy/index.ts";
import { closeCodes } from "./ws-guard.ts";
import type { SocketGuard } from "./ws-guard.ts";

/** How long sessions are trusted while the database does not answer. */
const trustMs = 2000;

/**
 * Looks again, every few seconds and at once on a notice, whether what the listening sockets stand on still holds:
 * their sessions, roles and clinics. One query per kind for the whole process, however many sockets.
 */
export function recheckSockets(s: Services, open: Set<SocketGuard>, everyMs: number): () => void {
  let running = false;
  let again = false;
  let lastAnswer = Date.now();

  async function recheck(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await recheckOnce(
          s,
          [...open].filter((guard) => guard.isListening()),
        );
        lastAnswer = Date.now();
      } while (again);
    } catch (error) {
      s.log.warn({ err: error }, "sockets could not be rechecked");
      // A hiccup is forgiven; beyond that, what cannot be checked is not trusted.
      const unsure = Date.now() - lastAnswer > everyMs + trustMs;
      for (const guard of open) if (unsure && guard.sessions.size > 0) guard.end(closeCodes.redial, "dial again");
    } finally {
      running = false;
    }
  }

  const timer = setInterval(() => void recheck(), everyMs);
  timer.unref();
  const forget = s.bus.onRevoked(() => void recheck());
  return () => {
    clearInterval(timer);
    forget();
  };
}

async function recheckOnce(s: Services, listening: SocketGuard[]): Promise<void> {
  if (listening.length === 0) return;
  // Taken before asking: a session that joins a socket while we ask is newer than the answer.
  const asked = listening.map((guard) => ({ guard, sessions: [...guard.sessions] }));
  const hashes = new Set(asked.flatMap(({ sessions }) => sessions.map(([hash]) => hash)));
  const clinicIds = new Set(listening.flatMap((guard) => (guard.ctx.clinic ? [guard.ctx.clinic.id] : [])));
  const [standing, statuses] = await Promise.all([
    s.sessions.standing([...hashes]),
    clinicStatuses(s.db, [...clinicIds]),
  ]);
  for (const { guard, sessions } of asked) {
    const { clinic } = guard.ctx;
    if (clinic) {
      clinic.status = statuses.get(clinic.id) ?? "closed";
      if (clinic.status === "suspended" || clinic.status === "closed")
        guard.end(closeCodes.sessionEnded, "clinic paused");
    }
    for (const [hash, session] of sessions) {
      if (standing.get(hash) !== session.role) guard.end(closeCodes.sessionEnded, "session ended");
    }
  }
}
