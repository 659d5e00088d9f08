import { refusalOf } from "@pulsecal/api";
import { data } from "react-router";

export type Refused = { code: string; detail: Record<string, unknown> };
export type Attempt<T> = { ok: true; value: T } | ({ ok: false } & Refused);

// What the API's transport says where no rule of ours spoke: a malformed id, for one.
const TRANSPORT: Record<string, string> = {
  BAD_REQUEST: "invalid",
  NOT_FOUND: "not_found",
  UNAUTHORIZED: "unauthenticated",
  FORBIDDEN: "forbidden",
  CONFLICT: "conflict",
  TOO_MANY_REQUESTS: "rate_limited",
  SERVICE_UNAVAILABLE: "unavailable",
};

const STATUS: Record<string, number> = {
  invalid: 404, // in an address, malformed is as good as missing
  not_found: 404,
  unauthenticated: 404,
  forbidden: 404,
  rate_limited: 429,
  unavailable: 503,
};

/** Runs a call of the API; a refusal becomes a value for the page to word, anything else stays an error. */
export async function attempt<T>(run: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    const refused = refusedBy(error);
    if (!refused) throw error;
    return { ok: false, ...refused };
  }
}

/** For loaders: what cannot be shown is a 404, what cannot be answered now a 503. */
export async function orMissing<T>(run: () => Promise<T>): Promise<T> {
  const result = await attempt(run);
  if (result.ok) return result.value;
  throw statusError(result.code);
}

/** A refusal as the page a loader throws. */
export function statusError(code: string) {
  return data(null, { status: STATUS[code] ?? 404 });
}

/** The free times a refusal brought along. */
export function alternativesIn(detail: Record<string, unknown>): { start: Date; practitionerId: string }[] {
  const found = detail["alternatives"];
  if (!Array.isArray(found)) return [];
  return found.filter((item) => item?.start instanceof Date && typeof item.practitionerId === "string");
}

function refusedBy(error: unknown): Refused | null {
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  const code = error instanceof Error && "code" in error ? TRANSPORT[String(error.code)] : undefined;
  return code ? { code, detail: {} } : null;
}
