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
  if (/^patient\.booking\.|^staff\.bookings\.(get|cancel)$/.test(path)) return { booking: "confirmed" };
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
  if (path === "staff.hours.save") Object.assign(right, await currentHours(world));
  if (path === "public.account.signIn") right["password"] = ownerPassword;
  return right;
}

/** The input with one of its ids replaced. */
export function withId(input: Input, name: string, value: string, list: boolean): Input {
  return { ...input, [name]: list ? [value] : value };
}

async function currentHours(world: ProcedureWorld): Promise<Input> {
  const call = await testCaller(world.s, { host: hostOf(world, "clinic"), cookies: world.owner.cookie });
  const { weekly, overrides, version } = await call.staff.hours.get({ practitionerId: world.own.practitionerId });
  return { weekly, overrides, version };
}
