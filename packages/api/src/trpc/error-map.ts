import { TRPCError } from "@trpc/server";
import { isRetryable, isUnavailable } from "@pulsecal/db";
import { z } from "zod";

type HttpMeaning =
  | "BAD_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "TOO_MANY_REQUESTS"
  | "SERVICE_UNAVAILABLE";

/** Every refusal the product knows: the transport's code and the words a person may read. */
const refusals = {
  invalid: ["BAD_REQUEST", "Something in the form is not right."],
  password_weak: ["BAD_REQUEST", "Please choose a longer or less common password."],
  slug_invalid: ["BAD_REQUEST", "That address cannot be used."],
  link_expired: ["BAD_REQUEST", "This link has been used or is too old."],
  cursor_invalid: ["BAD_REQUEST", "The live connection has to start again."],
  unauthenticated: ["UNAUTHORIZED", "Please sign in."],
  invalid_credentials: ["UNAUTHORIZED", "That email and password do not match."],
  forbidden: ["FORBIDDEN", "Your role does not allow this."],
  email_unverified: ["FORBIDDEN", "Please confirm your email address first."],
  clinic_suspended: ["FORBIDDEN", "This clinic is paused."],
  not_bookable: ["CONFLICT", "This clinic does not take bookings online yet."],
  not_found: ["NOT_FOUND", "We could not find that."],
  slot_taken: ["CONFLICT", "That time was just taken."],
  not_offered: ["CONFLICT", "That time is not offered."],
  hold_expired: ["CONFLICT", "The time is no longer held for you."],
  hold_limit: ["CONFLICT", "The time cannot be held any longer."],
  too_late_to_cancel: ["CONFLICT", "It is too late to cancel online. Please call the clinic."],
  not_cancellable: ["CONFLICT", "This booking cannot be cancelled."],
  too_late_to_move: ["CONFLICT", "It is too late to move online. Please call the clinic."],
  not_movable: ["CONFLICT", "This booking cannot be moved."],
  same_time: ["CONFLICT", "The booking is at that time already."],
  not_next: ["CONFLICT", "The visit cannot go there from where it is."],
  not_blocked: ["CONFLICT", "Nothing stands in the way of that time. Book it the ordinary way."],
  cap_reached: ["CONFLICT", "No more visits can be squeezed in on that day."],
  in_the_past: ["CONFLICT", "That time has passed."],
  changed_meanwhile: ["CONFLICT", "Someone else changed this in the meantime."],
  slug_taken: ["CONFLICT", "That address is taken."],
  key_reused: ["CONFLICT", "This request was already made with other details."],
  conflict: ["CONFLICT", "Someone else was faster. Please try again."],
  rate_limited: ["TOO_MANY_REQUESTS", "Too many tries. Please wait a little."],
  unavailable: ["SERVICE_UNAVAILABLE", "We cannot do this right now. Please try again in a moment."],
} as const satisfies Record<string, readonly [HttpMeaning, string]>;

export type RefusalCode = keyof typeof refusals;

/** What a screen receives as `error.data.pulse`. `internal` is a fault of ours, never a decision. */
export type Pulse = { code: RefusalCode | "internal" } & Record<string, unknown>;

/** The cause inside a TRPCError made by `refuse`. */
class Refusal extends Error {
  readonly code: RefusalCode;
  readonly detail: Record<string, unknown>;
  constructor(code: RefusalCode, detail: Record<string, unknown>) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.detail = detail;
  }
}

/** An error with a domain code. `detail` is public: it is sent to the screen as it is. */
export function refuse(code: RefusalCode, detail: Record<string, unknown> = {}): TRPCError {
  return new TRPCError({ code: refusals[code][0], message: refusals[code][1], cause: new Refusal(code, detail) });
}

/** The refusal inside an error, for callers in the same process (loaders, jobs). */
export function refusalOf(error: unknown): { code: RefusalCode; detail: Record<string, unknown> } | null {
  if (error instanceof Refusal) return { code: error.code, detail: error.detail };
  if (error instanceof TRPCError && error.cause instanceof Refusal) return refusalOf(error.cause);
  return null;
}

/** True when the error is a decision of ours or of the transport, false when it is a fault to be logged. */
export function isExpected(error: TRPCError): boolean {
  return error.code !== "INTERNAL_SERVER_ERROR";
}

/** Turns what a procedure threw into what may leave the process. */
export function publicError(error: TRPCError): TRPCError {
  if (refusalOf(error)) return error;
  if (error.code !== "INTERNAL_SERVER_ERROR") return error;
  const cause = error.cause ?? error;
  if (isUnavailable(cause)) return refuse("unavailable");
  if (isRetryable(cause)) return refuse("conflict");
  return error;
}

/** The same for an error from before a procedure, such as a context that could not be made. */
export function asPublicError(error: unknown): TRPCError {
  if (error instanceof TRPCError) return publicError(error);
  return publicError(new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "internal", cause: error }));
}

const transportCodes: Partial<Record<TRPCError["code"], RefusalCode>> = {
  BAD_REQUEST: "invalid",
  PARSE_ERROR: "invalid",
  UNPROCESSABLE_CONTENT: "invalid",
  UNSUPPORTED_MEDIA_TYPE: "invalid",
  METHOD_NOT_SUPPORTED: "invalid",
  PAYLOAD_TOO_LARGE: "invalid",
  UNAUTHORIZED: "unauthenticated",
  FORBIDDEN: "forbidden",
  NOT_FOUND: "not_found",
  CONFLICT: "conflict",
  TOO_MANY_REQUESTS: "rate_limited",
  SERVICE_UNAVAILABLE: "unavailable",
};

/** The public part of an error: a code, its detail, and for a form the names of the fields. Never a value or a stack. */
export function pulseOf(error: TRPCError): Pulse {
  const refusal = refusalOf(error);
  if (refusal) return { ...refusal.detail, code: refusal.code };
  const code = transportCodes[error.code] ?? "internal";
  if (code === "invalid" && error.cause instanceof z.ZodError) return { code, fields: fieldsOf(error.cause) };
  return { code };
}

/** A sentence of ours goes along; zod's own say little to a person, and neither quotes what was typed. */
function fieldsOf(error: z.ZodError): { path: string; issue: string; message?: string }[] {
  return error.issues.slice(0, 20).map((issue) => ({
    path: issue.path.map(String).join(".").slice(0, 100),
    issue: issue.code,
    message: issue.code === "custom" || issue.code === "invalid_format" ? issue.message : undefined,
  }));
}

/** The sentence that goes with a code; a fault of ours has no detail. */
export function publicMessage(pulse: Pulse): string {
  return pulse.code === "internal" ? "Something went wrong on our side." : refusals[pulse.code][1];
}
