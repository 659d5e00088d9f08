import { z } from "zod";
import { seal, unseal } from "../../../lib/seal.server.ts";
import type { Pulse } from "../../../lib/trpc.server.ts";

const text = z.string().max(400).default("");

const State = z.object({
  clinicName: text,
  slug: text,
  name: text,
  email: text,
  password: text,
  /** one key for the whole sign-up: finishing twice makes one clinic */
  key: z.string().min(8).max(100),
  /** why an earlier step has to be looked at again */
  problem: z.enum(["slug_taken", "password_weak"]).optional(),
});

const Done = z.object({ clinicName: text, slug: text, email: text });

export type SignUpState = z.infer<typeof State>;
export type SignUpDone = z.infer<typeof Done>;

const STEPS = "sign-up";
const READY = "sign-up-done";
const HALF_AN_HOUR = 1_800;

/** The steps so far. They travel sealed in a cookie: a hidden field would put the password into the page. */
export function readSignUp(pulse: Pulse, request: Request): SignUpState | null {
  return State.safeParse(read(pulse, request, STEPS)).data ?? null;
}

/** The finished sign-up, without its password. */
export function readDone(pulse: Pulse, request: Request): SignUpDone | null {
  return Done.safeParse(read(pulse, request, READY)).data ?? null;
}

export function newSignUp(): SignUpState {
  return { clinicName: "", slug: "", name: "", email: "", password: "", key: crypto.randomUUID() };
}

/** The header that keeps the steps for half an hour in this browser. */
export function keepSignUp(pulse: Pulse, state: SignUpState): Record<"Set-Cookie", string> {
  return { "Set-Cookie": cookie(pulse, seal(pulse.ctx.s.env.secret, STEPS, state)) };
}

/** The header that replaces the steps, password and all, by what the last page shows. */
export function keepDone(pulse: Pulse, done: SignUpDone): Record<"Set-Cookie", string> {
  return { "Set-Cookie": cookie(pulse, seal(pulse.ctx.s.env.secret, READY, done)) };
}

function read(pulse: Pulse, request: Request, purpose: string): unknown {
  const prefix = `${cookieName(pulse)}=`;
  const found = (request.headers.get("Cookie") ?? "").split(/;\s*/).find((part) => part.startsWith(prefix));
  return found ? unseal(pulse.ctx.s.env.secret, purpose, found.slice(prefix.length)) : null;
}

function cookieName({ ctx }: Pulse): string {
  return ctx.s.env.scheme === "https" ? "__Host-pc_start" : "pc_start";
}

function cookie(pulse: Pulse, value: string): string {
  const secure = pulse.ctx.s.env.scheme === "https" ? "; Secure" : "";
  return `${cookieName(pulse)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${HALF_AN_HOUR}${secure}`;
}
