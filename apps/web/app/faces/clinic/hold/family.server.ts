import { attempt, alternativesIn } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import { answersInput } from "./question-form.ts";
import { detailsInput } from "./details-form.ts";
import type { NearTime } from "./near-time.ts";
import type { Party } from "./party.ts";

/** Times for several people: all around the held one, or other ones where that cannot be. */
export type Proposal = { together: NearTime[] | null; apart: NearTime[][] };
/** What an action leaves for the page: a refusal of the API, and the free times that came with it. */
export type Trouble = { code: string; near: NearTime[]; proposal: Proposal | null };

/** When that many people can come, around the held time. Nothing is held by asking. */
export async function propose(caller: Caller, token: string, people: number): Promise<Proposal | Trouble> {
  const result = await attempt(() => caller.public.booking.family.propose({ token, people }));
  return result.ok ? result.value : { code: result.code, near: alternativesIn(result.detail), proposal: null };
}

/** Holds all the times in place of the one, or says what can be had instead. */
export async function takeAll(
  caller: Caller,
  token: string,
  visits: NearTime[],
  key: string,
): Promise<{ token: string } | Trouble> {
  const result = await attempt(() => caller.public.booking.family.take({ token, visits, key }));
  const first = result.ok ? result.value.visits[0] : undefined;
  if (first) return { token: first.token };
  if (result.ok) return { code: "conflict", near: [], proposal: null };
  const { together, apart } = result.detail as Partial<Proposal>;
  const proposal = result.code === "slot_taken" ? { together: together ?? null, apart: apart ?? [] } : null;
  return { code: result.code, near: alternativesIn(result.detail), proposal };
}

/** Books everybody's held time, or nobody's. Answers with the page of the first, which says who is booked twice. */
export async function bookAll(
  caller: Caller,
  token: string,
  party: Party,
  key: string,
): Promise<{ to: string } | (Trouble & { detail: Record<string, unknown> })> {
  const { phone, email, reason } = detailsInput(party.details);
  const people = [party.details, ...party.others].map(({ name, answers }) => ({
    name,
    answers: answersInput(answers),
  }));
  const result = await attempt(() =>
    caller.public.booking.family.confirm({ token, people, phone, email, reason, key }),
  );
  const bookings = result.ok ? result.value.bookings : [];
  const [first] = bookings;
  const twice = bookings.filter(({ warnings }) => warnings.includes("own_clash")).map(({ booking }) => booking.ref);
  if (first) return { to: `/b/${first.token}${twice.length > 0 ? `?clash=${twice.join(".")}` : ""}` };
  if (result.ok) return { code: "conflict", near: [], proposal: null, detail: {} };
  return { code: result.code, near: alternativesIn(result.detail), proposal: null, detail: result.detail };
}

/** The held times are gone: holds a near one to begin again from, for the same service. */
export async function holdNear(
  caller: Caller,
  token: string,
  near: NearTime,
  who: { holder: string; key: string },
): Promise<{ token: string } | Trouble> {
  const result = await attempt(async () => {
    const { service, minutes } = await caller.patient.booking.get({ token });
    const asked = { serviceId: service.id, who: near.practitionerId, start: near.start, minutes, ...who };
    return caller.public.booking.hold(asked);
  });
  return result.ok ? result.value : { code: result.code, near: alternativesIn(result.detail), proposal: null };
}
