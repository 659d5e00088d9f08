import { describe, expect, test } from "vitest";
import { hosts } from "../support/browser.ts";
import { type Answer, ask, post } from "../support/http.ts";

const SUNRISE = hosts.clinic("sunrise");
const ID = "00000000-0000-7000-8000-000000000000";

const ANSWERS: [what: string, status: number, () => Promise<Answer>][] = [
  ["a page", 200, () => ask(`${SUNRISE}/`)],
  ["a page for HEAD", 200, () => ask(`${SUNRISE}/`, { method: "HEAD" })],
  ["a page that is not there", 404, () => ask(`${SUNRISE}/nothing`)],
  ["a booking that is not there", 404, () => ask(`${SUNRISE}/b/AAAAAAAAAAAAAAAAAAAAAA`)],
  ["a place on the waitlist that is not there", 404, () => ask(`${SUNRISE}/w/AAAAAAAAAAAAAAAAAAAAAA`)],
  ["an address with a malformed id", 404, () => ask(`${SUNRISE}/book/x/any`)],
  ["the data of a page", 200, () => ask(`${SUNRISE}/contact.data`)],
  ["a redirect", 302, () => ask(`${SUNRISE}/portal`)],
  ["a clinic that is not there", 404, () => ask(`${hosts.clinic("nobody")}/`)],
  ["a host that is not ours", 404, () => ask("http://evil.example/")],
  ["a host that is nonsense", 400, () => ask(`${SUNRISE}/`, { headers: { host: "a b" } })],
  ["an asset that is not there", 404, () => ask(`${SUNRISE}/assets/face-00000000.css`)],
  ["the favicon", 200, () => ask(`${SUNRISE}/favicon.ico`)],
  ["a form from elsewhere", 403, () => post(`${SUNRISE}/book/${ID}/any`, {}, { origin: "http://evil.example" })],
  ["a form without an origin", 403, () => post(`${SUNRISE}/book/${ID}/any`, {}, { origin: "null" })],
  ["a form that is too long", 413, () => post(`${SUNRISE}/book/${ID}/any`, { start: "x".repeat(70_000) })],
  ["a post where nothing listens", 405, () => post(`${SUNRISE}/contact`, {})],
  ["another method", 405, () => ask(`${SUNRISE}/`, { method: "PUT" })],
  ["TRACE", 405, () => ask(`${SUNRISE}/`, { method: "TRACE" })],
  ["the API", 200, () => ask(`${SUNRISE}/trpc/public.clinic.home`)],
  ["an unknown procedure", 404, () => ask(`${SUNRISE}/trpc/nothing`)],
  ["health", 200, () => ask(`${SUNRISE}/health`)],
  ["readiness", 200, () => ask(`${SUNRISE}/health/ready`)],
  ["liveness", 200, () => ask(`${SUNRISE}/health/live`)],
];

describe("every kind of answer carries the policy", () => {
  test.each(ANSWERS)("%s (%i)", async (_what, status, send) => {
    const { headers, ...answer } = await send();
    expect(answer.status).toBe(status);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'nonce-[\w+/]{22}=='/);
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers["cache-control"]).toBeTruthy();
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("server");
    expect(answer.body.toString()).not.toMatch(/\bat .+\.(ts|js):\d+/);
  });
});

test("each answer has a nonce of its own, and its scripts carry it", async () => {
  const answers = await Promise.all([1, 2].map(() => ask(`${SUNRISE}/portal/sign-in`)));
  const nonces = answers.map(({ headers }) => /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1]);
  expect(nonces[0]).not.toBe(nonces[1]);
  for (const [at, answer] of answers.entries()) {
    const scripts = answer.body.toString().match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(`nonce="${nonces[at]}"`);
  }
});

describe("a face answers on its own host only", () => {
  test.each([
    [`${hosts.apex}/book`],
    [`${hosts.apex}/portal`],
    [`${hosts.apex}/portal/agenda`],
    [`${hosts.apex}/approvals`],
    [`${SUNRISE}/start`],
    [`${SUNRISE}/find`],
    [`${SUNRISE}/approvals`],
  ])("%s is not there", async (url) => {
    expect((await ask(url)).status).toBe(404);
    expect((await ask(`${url}.data`)).status).toBe(404);
  });

  test.each(["/book", "/portal", "/find"])(
    "the console asks a stranger to sign in before it says that %s is not there",
    async (path) => {
      const answer = await ask(hosts.console + path);
      expect([answer.status, answer.headers["location"]]).toEqual([302, `/sign-in?next=${encodeURIComponent(path)}`]);
    },
  );

  test("no manifest names another face's routes", async () => {
    for (const host of [hosts.apex, SUNRISE, hosts.console]) {
      const { body } = await ask(`${host}/__manifest?paths=%2Fapprovals,%2Fportal,%2Fbook,%2Fstart&version=x`);
      const mine = host === SUNRISE ? "portal" : host === hosts.apex ? "apex" : "console";
      for (const face of ["apex", "clinic", "portal", "console"].filter((each) => each !== mine))
        expect(body.toString()).not.toContain(`faces/${face}`);
    }
  });
});

describe("caching", () => {
  test.each([
    "/book",
    "/b/AAAAAAAAAAAAAAAAAAAAAA",
    "/hold/AAAAAAAAAAAAAAAAAAAAAA/details",
    "/w/AAAAAAAAAAAAAAAAAAAAAA",
    "/b/AAAAAAAAAAAAAAAAAAAAAA/move",
    "/portal/sign-in",
  ])("%s is stored nowhere", async (path) => {
    expect((await ask(SUNRISE + path)).headers["cache-control"]).toBe("no-store");
  });

  test("a path that looks like a file is no page", async () => {
    expect((await ask(`${SUNRISE}/b/AAAAAAAAAAAAAAAAAAAAAA/x.css`)).status).toBe(404);
    expect((await ask(`${SUNRISE}/book/x.css`)).status).toBe(404);
  });

  test.each(["/.git/config", "/.env", "/assets/.vite/manifest.json", "/package.json", "/server.ts"])(
    "%s is not served",
    async (path) => {
      expect((await ask(SUNRISE + path)).status).toBe(404);
    },
  );
});

test("localhost leads to the base domain, with path and question", async () => {
  const answer = await ask("http://localhost/find?q=sun");
  expect(answer.status).toBe(302);
  expect(answer.headers["location"]).toBe(`${hosts.apex}/find?q=sun`);
});

test("a forwarded host changes nothing", async () => {
  const answer = await ask(`${SUNRISE}/`, { headers: { "x-forwarded-host": "harbour.pulsecal.localhost" } });
  expect(answer.body.toString()).toContain("Sunrise Clinic");
  expect(answer.body.toString()).not.toContain("Harbour");
});
