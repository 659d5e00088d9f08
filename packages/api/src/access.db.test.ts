import { can, clinicRoles } from "@pulsecal/core";
import { type TestDatabase, makeBooking, makeClinic, testDatabase } from "@pulsecal/db/testing";
import type { MadeClinic } from "@pulsecal/db/testing";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServices } from "./infra/services.ts";
import type { Services } from "./infra/services.ts";
import { bookingToken, hashToken, randomToken } from "./infra/tokens.ts";
import { appRouter } from "./root.ts";
import { accessLines } from "./testing/access-lines.ts";
import { makeSetup } from "./testing/make-setup.ts";
import type { AccessLine, Ids } from "./testing/access-lines.ts";
import { clinicHost, consoleHost, platformCookie, staffCookie } from "./testing/people.ts";
import { testCaller } from "./testing/test-caller.ts";
import { testServices } from "./testing/test-services.ts";
import { refusalOf } from "./trpc/error-map.ts";
import type { Face } from "./trpc/init.ts";

type Known = { _def: { type: string; meta?: unknown; inputs: unknown[] } };
const procedures = appRouter._def.procedures as unknown as Record<string, Known>;
const paths = Object.keys(procedures);

let t: TestDatabase;
let s: Services;
let own: MadeClinic;
let other: MadeClinic;
let people: Record<string, string>;
let hosts: Record<Face, string>;

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t);
  [own, other] = [await makeClinic(t), await makeClinic(t)];
  hosts = { clinic: clinicHost(s, own.slug), console: consoleHost(s), apex: s.env.baseDomain };
  people = {
    foreign: (await staffCookie(s, t, other.clinicId, "owner")).cookie,
    admin: (await platformCookie(s, t, "admin")).cookie,
    support: (await platformCookie(s, t, "support")).cookie,
  };
  for (const role of clinicRoles) people[role] = (await staffCookie(s, t, own.clinicId, role)).cookie;
});

afterAll(async () => {
  await closeServices(s);
  await t.close();
});

let visits = 0;
let bookings = 0;

/** Calls by path, from an address of its own; a subscription counts as answered when it starts. */
async function call(path: string, from: { host: string; cookies?: string }, input: unknown): Promise<unknown> {
  const caller = await testCaller(s, { ...from, ip: `10.${(++visits >> 8) & 255}.${visits & 255}.1` });
  const procedure = path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], caller) as (
    input: unknown,
  ) => Promise<unknown>;
  const answer = await procedure(input);
  if (procedures[path]?._def.type !== "subscription") return answer;
  const iterator = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  // Only the first item is asked for where ids decide about it; a stream without news would wait for ever.
  if (input === undefined) return void iterator.return?.();
  const first = await iterator.next();
  await iterator.return?.();
  return first.value;
}

function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "answered",
    (error: unknown) => {
      const refusal = refusalOf(error);
      if (refusal) return refusal.code;
      return (error as { code?: string }).code === "BAD_REQUEST" ? "invalid" : `fault: ${String(error)}`;
    },
  );
}

const denials = ["unauthenticated", "forbidden", "clinic_suspended"];

test("every procedure has a line here, and every line a procedure", () => {
  expect(paths.toSorted()).toEqual(Object.keys(accessLines).toSorted());
});

describe.each(paths)("%s", (path) => {
  const line = accessLines[path] as AccessLine;

  test("declares what its line says", () => {
    const { audience, faces, permission } = line;
    expect(procedures[path]?._def.meta).toEqual({ audience, faces, permission });
    expect(path.startsWith(`${audience}.`)).toBe(true);
  });

  test("answers on its own hosts only", async () => {
    for (const face of ["apex", "clinic", "console"] as const) {
      if (line.faces.includes(face)) continue;
      const cookies = face === "console" ? people["admin"] : people["owner"];
      expect(await outcome(call(path, { host: hosts[face], cookies }, undefined)), face).toBe("not_found");
    }
    expect(await outcome(call(path, { host: "evil.example", cookies: people["owner"] }, undefined))).toBe("not_found");
  });

  test("lets in exactly whom the table names", async () => {
    for (const face of line.faces) {
      for (const who of ["guest", "foreign", "admin", "support", ...clinicRoles]) {
        const cookies = who === "guest" ? undefined : people[who];
        const got = await outcome(call(path, { host: hosts[face], cookies }, undefined));
        expect(got.startsWith("fault"), `${who}: ${got}`).toBe(false);
        const expected = expectation(line, who);
        if (expected === "in") expect(denials, `${who} on ${face}: ${got}`).not.toContain(got);
        else expect(got, `${who} on ${face}`).toBe(expected);
        // signOut ended the session; the next procedure needs it again.
        if (path === "public.account.signOut" && cookies) await renew(who);
      }
    }
  });

  test("takes no more fields than it names, if it takes any", () => {
    for (const schema of procedures[path]?._def.inputs ?? []) expect(isStrict(schema), path).toBe(true);
  });

  test("whoever names ids has a line that tries somebody else's", () => {
    expect(namesIds(procedures[path]?._def.inputs ?? []), path).toBe(line.withIds !== undefined);
  });
});

const withIds = paths.filter((path) => accessLines[path]?.withIds);

test.each(withIds)("%s: another clinic's ids and ids of nothing get the same answer", async (path) => {
  const line = accessLines[path] as AccessLine;
  const ask = async (ids: Ids) => {
    const [face = "clinic"] = line.faces;
    const cookies =
      line.audience === "platform" ? people["admin"] : line.audience === "staff" ? people["owner"] : undefined;
    return call(path, { host: hosts[face], cookies }, line.withIds?.(ids, idsOf(own))).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ refusal: refusalOf(error) ?? String(error) }),
    );
  };
  const theirs = await ask(line.audience === "platform" ? nothing() : await rowsOf(other));
  const none = await ask(nothing());
  expect(theirs).toEqual(none);
  expect(theirs).toHaveProperty("refusal");
  expect(["not_found", "link_expired", "invalid"]).toContain((theirs as { refusal: { code: string } }).refusal.code);
});

function expectation(line: AccessLine, who: string): string {
  if (line.permission === "open" || line.permission === "link") return "in";
  const isStaff = clinicRoles.some((role) => role === who);
  const isPlatform = who === "admin" || who === "support";
  if (line.audience === "staff" && !isStaff) return "unauthenticated";
  if (line.audience === "platform" && !isPlatform) return "unauthenticated";
  return can(who as Parameters<typeof can>[0], line.permission) ? "in" : "forbidden";
}

async function renew(who: string): Promise<void> {
  if (who === "admin" || who === "support") people[who] = (await platformCookie(s, t, who)).cookie;
  else if (who === "foreign") people[who] = (await staffCookie(s, t, other.clinicId, "owner")).cookie;
  else people[who] = (await staffCookie(s, t, own.clinicId, who)).cookie;
}

function idsOf(clinic: MadeClinic): Ids {
  return { ...clinic, bookingId: randomUUID(), token: randomToken().slice(0, 22) };
}

function nothing(): Ids {
  const [bookingId, practitionerId, serviceId, clinicId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  return { bookingId, practitionerId, serviceId, clinicId, token: randomToken().slice(0, 22) };
}

/** A real booking of the other clinic with the link that opens it there. */
async function rowsOf(clinic: MadeClinic): Promise<Ids> {
  // an hour of its own each: two bookings of one practitioner cannot overlap
  const startsAt = new Date(Date.now() + (50 + ++bookings) * 3_600_000);
  const { bookingId } = await makeBooking(t, clinic, { startsAt });
  const token = bookingToken(s.env.secret, clinic.clinicId, bookingId);
  // a set of one, so that a set's id is known too
  await t.admin("update app.booking set token_hash = $2, set_id = id, set_kind = 'series' where id = $1", [
    bookingId,
    hashToken(token),
  ]);
  await makeSetup(t, clinic, bookingId);
  return { ...clinic, bookingId, token };
}

type Zod = {
  def?: {
    type: string;
    catchall?: { def?: { type?: string } };
    innerType?: unknown;
    in?: unknown;
    shape?: Record<string, unknown>;
  };
};

function objectOf(schema: unknown): Zod["def"] {
  const { def } = schema as Zod;
  if (def?.type === "object") return def;
  const inner = def?.innerType ?? def?.in;
  return inner === undefined ? undefined : objectOf(inner);
}

function isStrict(schema: unknown): boolean {
  return objectOf(schema)?.catchall?.def?.type === "never";
}

function namesIds(schemas: unknown[]): boolean {
  const names = schemas.flatMap((schema) => Object.keys(objectOf(schema)?.shape ?? {}));
  return names.some((name) => /(^id|Ids?|^token|^who)$/.test(name) && name !== "lastEventId");
}
