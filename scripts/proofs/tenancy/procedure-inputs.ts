import { randomUUID } from "node:crypto";
import { accessLines } from "../../../packages/api/src/testing/access-lines.ts";
import { testCaller } from "@pulsecal/api/testing";
import { procedures } from "./ask.ts";
import type { ProbeIds } from "./id-fields.ts";
import { hostOf, ownerPassword, type ProcedureWorld, type Wanted } from "./procedure-world.ts";

type Input = Record<string, unknown>;

/** Right inputs of the procedures that name no rows. */
const plain: Record<string, (ids: ProbeIds) => Input> = {
  "public.account.signIn": ({ email }) => ({ email, password: ownerPassword }),
  "public.account.resendVerification": ({ email }) => ({ email }),
  "public.account.signOut": () => ({}),
  "public.directory.find": () => ({ q: "test" }),
  "public.signUp.checkSlug": () => ({ slug: "a-quiet-corner" }),
  "public.signUp.start": () => ({
    clinicName: "Quiet Corner",
    slug: `quiet-${randomUUID().slice(0, 8)}`,
    name: "Thandi Mokoena",
    email: `owner-${randomUUID()}@people.example`,
    password: ownerPassword,
    key: randomUUID(),
  }),
  "staff.bookings.day": () => ({ date: new Date().toISOString().slice(0, 10) }),
  "staff.times.calendar": () => ({ from: new Date().toISOString().slice(0, 10), days: 2 }),
  "staff.leave.list": () => ({ from: "2025-03-01", to: "2025-03-02" }),
  "staff.clinicRules.save": () => ({
    holidayCountry: "ZA",
    shareBuffers: false,
    squeezeInCap: 2,
    cancelUntilMinutes: 120,
    version: "none",
  }),
  "staff.live.events": ({ cursor }) => ({ lastEventId: cursor }),
  "platform.clinics.list": () => ({}),
  "platform.live.events": () => ({}),
};

/** What a token must open for the procedure to say yes. */
export function wantsOf(path: string): Wanted {
  if (path === "public.account.verifyEmail") return { emailToken: true };
  if (path === "platform.live.events") return { platformCursor: true };
  if (path === "platform.clinics.approve") return { waitingClinic: true };
  if (/^public\.booking\.(extendHold|releaseHold|confirm)$/.test(path)) return { booking: "held" };
  if (path === "public.booking.family.confirm") return { booking: "family" };
  if (path.startsWith("public.booking.family.")) return { booking: "held" };
  if (/^staff\.series\.(get|cancel)$/.test(path) || path === "staff.bookings.answers") return { booking: "confirmed" };
  if (/^patient\.(booking|feeds)\.|^staff\.bookings\.(get|cancel|move|transition)$|^staff\.days\.move$/.test(path))
    return { booking: "confirmed" };
  if (path === "staff.waitlist.offer") return { waiting: true };
  if (path === "patient.live.booking") return { booking: "confirmed" };
  if (/^patient\.(live\.)?waitlist(\.|$)|^staff\.waitlist\.(answer|withdraw)$/.test(path))
    return { booking: "held", waiting: true };
  if (/^staff\.times\.(explain|free)$|^staff\.leave\.keep$|^public\.live\.times$/.test(path))
    return { booking: "confirmed" };
  return {};
}

/** An input that is right for the own clinic; undefined for a procedure that takes none. */
export async function rightInput(world: ProcedureWorld, path: string, ids: ProbeIds): Promise<Input | undefined> {
  if (procedures[path]?._def.inputs.length === 0) return undefined;
  const input = accessLines[path]?.withIds?.(ids, ids) ?? plain[path]?.(ids);
  if (!input) throw new Error(`Give ${path} a right input in procedure-inputs.ts.`);
  const right: Input = { ...input };
  if ("key" in right) right["key"] = randomUUID();
  if ("start" in right) right["start"] = world.freeStart();
  if ("choices" in right) right["choices"] = choicesOf(right["start"]);
  if ("visits" in right) right["visits"] = visitsOf(world);
  if (path === "staff.clinicRules.save") Object.assign(right, { key: randomUUID() }, await currentRules(world));
  // between two starts, so that a rule stands in the way
  if (path === "staff.bookings.squeezeIn") right["start"] = new Date(world.freeStart().getTime() + 60_000);
  if (path === "staff.hours.save") Object.assign(right, await currentHours(world));
  if (path === "staff.rooms.saveHours") Object.assign(right, await currentRoomHours(world));
  if (path === "staff.questions.save") Object.assign(right, await currentQuestions(world));
  if (path === "public.account.signIn") right["password"] = ownerPassword;
  return right;
}

/** The input with one of its ids replaced. */
export function withId(input: Input, name: string, value: string, list: boolean): Input {
  return { ...input, [name]: list ? [value] : value };
}

/** The first date of a series; the clinics of these probes keep South African time. */
function choicesOf(start: unknown): Input[] {
  if (!(start instanceof Date)) throw new Error("A series starts somewhere.");
  return [{ date: new Date(start.getTime() + 2 * 3_600_000).toISOString().slice(0, 10), start }];
}

function visitsOf({ own, freeStart }: ProcedureWorld): Input[] {
  return [freeStart(), freeStart()].map((start) => ({ start, practitionerId: own.practitionerId }));
}

async function currentHours(world: ProcedureWorld): Promise<Input> {
  const call = await testCaller(world.s, { host: hostOf(world, "clinic"), cookies: world.owner.cookie });
  const { weekly, overrides, version } = await call.staff.hours.get({ practitionerId: world.own.practitionerId });
  return { weekly, overrides, version };
}

async function currentRoomHours(world: ProcedureWorld): Promise<Input> {
  const call = await testCaller(world.s, { host: hostOf(world, "clinic"), cookies: world.owner.cookie });
  const { weekly, overrides, version } = await call.staff.rooms.hours({ roomId: world.own.clinicId });
  return { weekly, overrides, version };
}

async function currentRules(world: ProcedureWorld): Promise<Input> {
  const call = await testCaller(world.s, { host: hostOf(world, "clinic"), cookies: world.owner.cookie });
  const { countries: _, ...rules } = await call.staff.clinicRules.get();
  return rules;
}

async function currentQuestions(world: ProcedureWorld): Promise<Input> {
  const call = await testCaller(world.s, { host: hostOf(world, "clinic"), cookies: world.owner.cookie });
  return call.staff.questions.list({ serviceId: world.own.serviceId });
}
