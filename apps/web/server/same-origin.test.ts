import { expect, test } from "vitest";
import { isSameOrigin } from "./same-origin.ts";

const origin = "http://sunrise.pulsecal.localhost:3000";
const request = (method: string, headers: Record<string, string> = {}) =>
  new Request(`${origin}/book`, { method, headers });

test("reading is open to links from anywhere", () => {
  expect(isSameOrigin(request("GET"), origin)).toBe(true);
  expect(isSameOrigin(request("HEAD", { Origin: "https://evil.example" }), origin)).toBe(true);
});

test("a post must come from the very same origin", () => {
  expect(isSameOrigin(request("POST", { Origin: origin }), origin)).toBe(true);
});

test.each([
  "http://harbour.pulsecal.localhost:3000",
  "https://sunrise.pulsecal.localhost:3000",
  "http://sunrise.pulsecal.localhost",
  "http://sunrise.pulsecal.localhost:3000.evil.example",
  "null",
])("a post from %s is refused", (from) => {
  expect(isSameOrigin(request("POST", { Origin: from }), origin)).toBe(false);
});

test("without Origin the browser's own word for the site decides", () => {
  expect(isSameOrigin(request("POST", { "Sec-Fetch-Site": "same-origin" }), origin)).toBe(true);
  expect(isSameOrigin(request("POST", { "Sec-Fetch-Site": "same-site" }), origin)).toBe(false);
  expect(isSameOrigin(request("POST"), origin)).toBe(false);
});
