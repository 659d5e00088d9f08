import { AsyncLocalStorage } from "node:async_hooks";
import type { Lead } from "./flight.ts";

/** The database roles the running system uses, one pool each. */
export type RuntimeRole = "app_rt" | "auth_rt" | "platform_rt" | "relay_rt";

/** Whose data a piece of work is about, and who does it. Every part is checked before it is put in SQL text. */
export type TenantContext = {
  clinicId: string;
  /** account id, "guest", "system:<name>" or "platform:<account id>" */
  actor: string;
  role?: string;
  requestId?: string;
};

type Settings = Readonly<Record<string, string>>;

/** How every transaction of a scope starts: settings that end with it, all checked. */
export type Begin = { readonly readOnly: boolean; readonly settings: Settings };

/** One use of one door. The pool asks for it before any I/O; it dies with the door's callback. */
export type Scope = {
  readonly role: RuntimeRole;
  readonly begin: Begin;
  open: boolean;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const actor =
  /^(guest|system:[a-z0-9_.-]{1,60}|(platform:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const word = /^[a-z_]{1,40}$/;
const requestId = /^[A-Za-z0-9_.:-]{1,100}$/;

const storage = new AsyncLocalStorage<Scope>();

/** No door is open here, or it is a door of another role, or it was closed before the query was awaited. */
export class NoScopeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoScopeError";
  }
}

/** Runs and awaits `work` inside the scope: a Prisma query starts when it is awaited, so that must happen in here. */
export async function runInScope<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  return storage.run(scope, async () => {
    try {
      return await work();
    } finally {
      scope.open = false;
    }
  });
}

/** The scope of the running work, or an error before anything is sent. */
export function requireScope(role: RuntimeRole): Scope {
  const scope = storage.getStore();
  if (!scope) throw new NoScopeError("A query outside withTenant, withTx and the other doors.");
  if (scope.role !== role) throw new NoScopeError(`A query of ${role} inside a scope of ${scope.role}.`);
  if (!scope.open) throw new NoScopeError("A query after its scope ended: await it inside the callback.");
  return scope;
}

/** BEGIN for one clinic's rows. */
export function beginForTenant(context: TenantContext, options: { readOnly: boolean; limits?: Settings }): Begin {
  const settings = {
    "app.clinic_id": checked("clinicId", context.clinicId, uuid),
    "app.actor": checked("actor", context.actor, actor),
    "app.role": context.role === undefined ? "" : checked("role", context.role, word),
    "app.request_id": context.requestId === undefined ? "" : checked("requestId", context.requestId, requestId),
    ...options.limits,
  };
  return { readOnly: options.readOnly, settings };
}

/** BEGIN for work that no clinic owns. */
export function beginForNoClinic(options: { readOnly: boolean } = { readOnly: false }): Begin {
  return { readOnly: options.readOnly, settings: { "app.clinic_id": "" } };
}

/** BEGIN for a platform admin's work, on one clinic or on none. */
export function beginForPlatform(accountId: string, clinicId: string | undefined): Begin {
  const settings = {
    "app.clinic_id": clinicId === undefined ? "" : checked("clinicId", clinicId, uuid),
    "app.account_id": checked("accountId", accountId, uuid),
  };
  return { readOnly: false, settings };
}

/** Milliseconds as the setting of a limit. */
export function limitSettings(limits: { statement_timeout?: number; lock_timeout?: number }): Settings {
  const given = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([name, milliseconds]) => [name, String(Math.max(1, Math.trunc(milliseconds)))]));
}

/** A name that may stand in SQL text and logs: the caller of withSystem. */
export function checkedName(name: string): string {
  return checked("name", name, /^[a-z0-9_.-]{1,60}$/);
}

/** BEGIN and the context as one message, for a transaction of several statements. */
export function beginText({ readOnly, settings }: Begin): string {
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}','${value}',true)`);
  return `${readOnly ? "BEGIN READ ONLY" : "BEGIN"}; SELECT ${calls.join(",")}`;
}

/** Texts of context statements by their shape: a handful, since settings are named by the doors, never by a caller. */
const leadTexts = new Map<string, { name: string; text: string }>();

/** The context as a statement of its own, for a transaction of one; its name says what follows: a read or a write. */
export function leadOf({ readOnly, settings }: Begin): Lead {
  const kind = readOnly ? "read" : "write";
  const names = Object.keys(settings);
  const shape = `${kind} ${names.join(" ")}`;
  let known = leadTexts.get(shape);
  if (!known) {
    const calls = names.map((name, index) => `set_config('${name}',$${index + 1},true)`);
    if (readOnly) calls.push("set_config('transaction_read_only','on',true)");
    known = { name: `pulse_${kind}_${leadTexts.size}`, text: `SELECT ${calls.join(",")}` };
    leadTexts.set(shape, known);
  }
  return { name: known.name, text: known.text, values: Object.values(settings) };
}

function checked(name: string, value: string, pattern: RegExp): string {
  if (typeof value !== "string" || !pattern.test(value)) throw new NoScopeError(`The context's ${name} is not valid.`);
  return value;
}
