import { type TestDatabase, makeClinic, testDatabase } from "@pulsecal/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handleTrpcHttp } from "./http.ts";
import { createLogger } from "./infra/logger.ts";
import { closeServices } from "./infra/services.ts";
import type { Services } from "./infra/services.ts";
import { clinicHost, signUpClinic, staffCookie, testPassword } from "./testing/people.ts";
import type { SignedUp } from "./testing/people.ts";
import { testServices } from "./testing/test-services.ts";

let t: TestDatabase;
let s: Services;
let clinic: SignedUp;
let origin: string;
const lines: string[] = [];

beforeAll(async () => {
  t = await testDatabase();
  s = testServices(t, {}, { log: createLogger("debug", { write: (line) => lines.push(line) }) });
  clinic = await signUpClinic(s, t);
  await t.admin("update auth.account set email_verified_at = now() where id = $1", [clinic.accountId]);
  origin = `http://${clinicHost(s, clinic.slug)}`;
});

afterAll(async () => {
  await closeServices(s);
  await t.close();
});

type Call = { base?: string; method?: string; headers?: Record<string, string>; body?: string; services?: Services };

async function call(path: string, { base = origin, method = "GET", headers = {}, body, services = s }: Call = {}) {
  const response = await handleTrpcHttp(services, new Request(`${base}/trpc/${path}`, { method, headers, body }), {
    ip: "127.0.0.1",
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): {
  error?: { json: { data: { pulse: { code: string } } } };
  result?: { data: { json: unknown } };
} {
  return text.startsWith("{") ? JSON.parse(text) : {};
}

function post(path: string, input: unknown, headers: Record<string, string> = {}, base = origin) {
  const own = { "content-type": "application/json", origin: base, ...headers };
  return call(path, { base, method: "POST", headers: own, body: JSON.stringify({ json: input }) });
}

const signInInput = () => ({ email: clinic.email, password: testPassword });

test("a query is answered by GET on the right host", async () => {
  const { status, json, headers } = await call("public.directory.find", { base: `http://${s.env.baseDomain}` });
  expect([status, json.result?.data.json]).toEqual([200, []]);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

test("signing in over HTTP sets a host-only cookie that the next request is known by", async () => {
  const { status, headers } = await post("public.account.signIn", signInInput());
  expect(status).toBe(200);
  const cookie = headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^pc_staff=[a-z2-7]{40}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  const me = await call("staff.me", { headers: { cookie: cookie.split(";")[0] ?? "" } });
  expect(me.json.result?.data.json).toMatchObject({ email: clinic.email, role: "owner" });
});

test("behind TLS the cookie has the host prefix and travels encrypted only", async () => {
  const secure = { ...s, env: { ...s.env, scheme: "https" as const } };
  const base = origin.replace("http:", "https:");
  const headers = { "content-type": "application/json", origin: base };
  const answer = await call("public.account.signIn", {
    base,
    method: "POST",
    headers,
    body: JSON.stringify({ json: signInInput() }),
    services: secure,
  });
  expect(answer.headers.get("set-cookie")).toMatch(/^__Host-pc_staff=.*; Secure$/);
});

const foreign: [string, Record<string, string>][] = [
  ["no origin at all", { origin: "" }],
  ["another site", { origin: "https://evil.example" }],
  ["null", { origin: "null" }],
  ["a sister clinic's host", { origin: "http://other.pulsecal.localhost" }],
  ["our name as a prefix", { origin: "http://pulsecal.localhost.evil.example" }],
  ["another port", { origin: "same:8080" }],
  ["another scheme", { origin: "https-same" }],
  ["the right origin said to be cross-site by the browser", { "sec-fetch-site": "cross-site" }],
  ["the right origin said to be same-site by the browser", { "sec-fetch-site": "same-site" }],
];

test.each(foreign)("a mutation from %s is refused and changes nothing", async (_, change) => {
  const headers: Record<string, string> = { ...change };
  if (headers["origin"] === "same:8080") headers["origin"] = `${origin}:8080`;
  if (headers["origin"] === "https-same") headers["origin"] = origin.replace("http:", "https:");
  const { status, json, headers: answered } = await post("public.account.signIn", signInInput(), headers);
  expect([status, json.error?.json.data.pulse.code]).toEqual([403, "forbidden"]);
  expect(answered.get("set-cookie")).toBeNull();
});

test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])(
  "a body of type %s is refused",
  async (type) => {
    const { status } = await post("public.account.signIn", signInInput(), { "content-type": type });
    expect(status).toBe(415);
  },
);

test("GET never changes anything, and other methods are not answered", async () => {
  const input = encodeURIComponent(JSON.stringify({ json: signInInput() }));
  expect((await call(`public.account.signIn?input=${input}`)).status).toBe(405);
  for (const method of ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
    expect((await call("staff.me", { method })).status).toBe(405);
});

test("a query by POST, which method override would allow, is refused", async () => {
  expect((await post("public.directory.find", {}, {}, `http://${s.env.baseDomain}`)).status).toBe(405);
});

test.each(["%", "%E0%A4%A", "public.directory.find,%"])("a path that means no text is refused: %s", async (path) => {
  expect((await call(path, { base: `http://${s.env.baseDomain}` })).status).toBe(400);
});

test("eleven calls in one batch are refused, ten are answered", async () => {
  const base = `http://${s.env.baseDomain}`;
  const batch = (size: number) =>
    `${Array(size).fill("public.directory.find").join(",")}?batch=1&input=${encodeURIComponent("{}")}`;
  expect((await call(batch(11), { base })).status).toBe(400);
  expect((await call(batch(10), { base })).status).toBe(200);
});

test("sign-ins in a batch are counted one by one", async () => {
  const input = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [
      n,
      { json: { email: "batch@people.example", password: "wrong but long enough" } },
    ]),
  );
  const paths = Array(10).fill("public.account.signIn").join(",");
  const headers = { "content-type": "application/json", origin };
  const first = await call(`${paths}?batch=1`, { method: "POST", headers, body: JSON.stringify(input) });
  expect(first.text.match(/"invalid_credentials"/g)).toHaveLength(10);
  const second = await call(`${paths}?batch=1`, { method: "POST", headers, body: JSON.stringify(input) });
  expect(second.text.match(/"rate_limited"/g)).toHaveLength(10);
});

test("a body over 256 KiB is refused, whether it says so or not", async () => {
  const { status } = await post("public.account.signIn", { email: "x".repeat(300_000), password: "y" });
  expect(status).toBe(413);
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (out) => (sent++ < 6 ? out.enqueue(new Uint8Array(50_000).fill(120)) : out.close()),
  });
  const request = new Request(`${origin}/trpc/public.account.signIn`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: stream,
    // Node asks for it with a streamed body; the types do not know it.
    ...({ duplex: "half" } as object),
  });
  expect((await handleTrpcHttp(s, request, { ip: "127.0.0.1" })).status).toBe(413);
});

test.each(["127.0.0.1", "pulsecal.localhost.evil.example", "nobody-here.pulsecal.localhost"])(
  "a host of %s shows nothing",
  async (host) => {
    const { status, json } = await call("public.clinic.home", { base: `http://${host}` });
    expect([status, json.error?.json.data.pulse.code]).toEqual([404, "not_found"]);
  },
);

test("a form with faults names the fields and never repeats what was typed", async () => {
  const { status, text, json } = await post("public.account.signIn", {
    email: "no-address-at-all",
    password: "",
    extra: "canary",
  });
  expect([status, json.error?.json.data.pulse.code]).toEqual([400, "invalid"]);
  expect(text).not.toMatch(/no-address-at-all|canary/);
});

test("JSON that is none, and a path that is none, are the caller's faults", async () => {
  const headers = { "content-type": "application/json", origin };
  expect((await call("public.account.signIn", { method: "POST", headers, body: "{" })).status).toBe(400);
  expect((await call("no.such.procedure")).status).toBe(404);
});

test("subscriptions are not served over HTTP", async () => {
  const { cookie } = await staffCookie(s, t, clinic.clinicId, "owner");
  for (const path of ["staff.live.events", "staff.me,staff.live.events?batch=1", "staff.live%2Eevents"]) {
    expect((await call(path, { headers: { cookie } })).status).toBe(405);
  }
});

test("a fault of ours is a 500 that tells nothing", async () => {
  const withAuth: Services["db"]["withAuth"] = () =>
    Promise.reject(new Error("select password_hash from auth.account"));
  const broken = { ...s, db: { ...s.db, withAuth } };
  const { status, text, json } = await call("public.directory.find", {
    base: `http://${s.env.baseDomain}`,
    services: broken,
  });
  expect([status, json.error?.json.data.pulse.code]).toEqual([500, "internal"]);
  expect(text).not.toMatch(/select|stack|\.ts/);
});

test("a database that is away is a 503, at every stage of the request", async () => {
  const away = testServices(t, { dbUrl: "postgres://127.0.0.1:1/none" });
  const onApex = await call("public.directory.find", { base: `http://${s.env.baseDomain}`, services: away });
  const onClinic = await call("public.clinic.home", { services: away });
  expect([onApex.status, onClinic.status]).toEqual([503, 503]);
  expect(onClinic.json.error?.json.data.pulse.code).toBe("unavailable");
  await closeServices(away);
});

test("two clinics interleaved on one process: nobody ever sees the other's name", async () => {
  const other = await makeClinic(t, { name: "Other Rooms" });
  const [mine, theirs] = [
    await staffCookie(s, t, clinic.clinicId, "owner"),
    await staffCookie(s, t, other.clinicId, "owner"),
  ];
  const sides = [
    { base: origin, cookie: mine.cookie, slug: clinic.slug },
    { base: `http://${clinicHost(s, other.slug)}`, cookie: theirs.cookie, slug: other.slug },
  ];
  const lane = async (n: number) => {
    for (let round = 0; round < 20; round++) {
      const side = sides[(n + round) % 2] ?? sides[0];
      const { json } = await call("staff.me", { base: side?.base, headers: { cookie: side?.cookie ?? "" } });
      expect(json.result?.data.json).toMatchObject({ clinic: { slug: side?.slug } });
    }
  };
  await Promise.all(Array.from({ length: 12 }, (_, n) => lane(n)));
});

test("the log has one line per request and nothing personal in it", async () => {
  lines.length = 0;
  await post("public.account.signIn", { email: "canary.person@people.example", password: "canary password phrase" });
  const input = encodeURIComponent(JSON.stringify({ json: { q: "canary" } }));
  await call(`public.directory.find?input=${input}`, { base: `http://${s.env.baseDomain}` });
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain("canary");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    method: "POST",
    status: 401,
    path: "/trpc/public.account.signIn",
  });
});
