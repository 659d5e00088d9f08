/** What is looked at in each layer of an error; Prisma and the adapter put the server's own error inside theirs. */
type Nested = {
  code?: unknown;
  originalCode?: unknown;
  message?: unknown;
  originalMessage?: unknown;
  constraint?: unknown;
  kind?: unknown;
  cause?: unknown;
  meta?: unknown;
  driverAdapterError?: unknown;
};

/** Prisma's own codes for what never reached, or lost, the server. */
const unreachable = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2037"]);
/** The adapter's own words for an error of the socket: it drops the code. */
const lostKinds = new Set(["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout"]);
const lostConnection = new Set(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EPIPE"]);

/** The server's SQLSTATE, wherever Prisma and the adapter wrapped it. */
export function sqlStateOf(error: unknown): string | undefined {
  for (const layer of layersOf(error)) {
    for (const code of [layer.originalCode, layer.code]) {
      if (typeof code === "string" && /^(?!P\d)[0-9A-Z]{5}$/.test(code)) return code;
    }
  }
  return undefined;
}

/** The exclusion constraint refused: somebody else has this time. */
export function isSlotTaken(error: unknown): boolean {
  return sqlStateOf(error) === "23P01";
}

/** A unique key refused; `hint` is part of the constraint's or a column's name. */
export function isUniqueViolation(error: unknown, hint?: string): boolean {
  if (sqlStateOf(error) !== "23505" && !layersOf(error).some((layer) => layer.code === "P2002")) return false;
  return hint === undefined || layersOf(error).some((layer) => namesIn(layer).includes(hint));
}

/** Worth the same transaction again: serialization failure, deadlock, lock not available. */
export function isRetryable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return (
    state === "40001" || state === "40P01" || state === "55P03" || layersOf(error).some(({ code }) => code === "P2034")
  );
}

/** The database cannot be reached, is shutting down, or has no connection left: 503, not a fault of the request. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined && (/^(08|57P0)/.test(state) || state === "53300")) return true;
  return layersOf(error).some(
    ({ code, message, kind }) =>
      (typeof kind === "string" && lostKinds.has(kind)) ||
      (typeof code === "string" && (unreachable.has(code) || lostConnection.has(code))) ||
      (typeof message === "string" &&
        /^(Connection terminated|timeout exceeded|Client has encountered)/.test(message)) ||
      (code === "P2028" && typeof message === "string" && message.includes("Unable to start a transaction")),
  );
}

function layersOf(error: unknown): Nested[] {
  const found: Nested[] = [];
  const visit = (layer: unknown): void => {
    if (typeof layer !== "object" || layer === null || found.length > 12 || found.includes(layer)) return;
    const nested = layer as Nested;
    found.push(nested);
    visit(nested.cause);
    visit(nested.meta);
    visit(nested.driverAdapterError);
  };
  visit(error);
  return found;
}

function namesIn(layer: Nested): string {
  return JSON.stringify([layer.message, layer.originalMessage, layer.constraint]);
}
