import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { compressPage } from "./compress-page.ts";

const html = `<!doctype html>${"<p>Tue 24 Nov, 10:30</p>".repeat(100)}`;
const page = (body: string, headers: Record<string, string> = {}) =>
  new Response(body, { headers: { "Content-Type": "text/html; charset=utf-8", ...headers } });
const whole = (body: string) => page(body, { "Content-Length": String(Buffer.byteLength(body)) });

test("a whole page leaves as brotli with its new length", async () => {
  const response = await compressPage(whole(html), "gzip, deflate, br");
  const body = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get("Content-Length")).toBe(String(body.byteLength));
  expect(response.headers.get("Vary")).toBe("Accept-Encoding");
  expect(brotliDecompressSync(body).toString()).toBe(html);
});

test("a streamed page is compressed as it comes", async () => {
  const response = await compressPage(page(html), "gzip");
  expect(response.headers.get("Content-Encoding")).toBe("gzip");
  expect(gunzipSync(Buffer.from(await response.arrayBuffer())).toString()).toBe(html);
});

test("a page of one packet, a browser that takes nothing and other types stay as they are", async () => {
  expect((await compressPage(whole("<p>short</p>"), "br")).headers.has("Content-Encoding")).toBe(false);
  expect((await compressPage(whole(html), "")).headers.has("Content-Encoding")).toBe(false);
  const calendar = new Response("BEGIN:VCALENDAR", { headers: { "Content-Type": "text/calendar" } });
  expect(await compressPage(calendar, "br")).toBe(calendar);
});

test("status and other headers survive", async () => {
  const response = await compressPage(
    new Response(html, { status: 422, headers: { "Content-Type": "text/html", "X-A": "1" } }),
    "br",
  );
  expect(response.status).toBe(422);
  expect(response.headers.get("X-A")).toBe("1");
});
