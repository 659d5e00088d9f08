import { expect, test } from "vitest";
import { hosts, launch, openPage } from "../support/browser.ts";
import { ask } from "../support/http.ts";
import { openTimes } from "./steps.ts";

const BUDGET = 40_000;

test("the booking page weighs under 40 kB, compressed, with its style and its island", async () => {
  const browser = await launch();
  const { page } = await openPage(browser);
  await openTimes(page, "any", 2);
  const parts = await page.evaluate(() => [
    location.pathname + location.search,
    ...[...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].map((link) =>
      link.getAttribute("href"),
    ),
    ...[...document.querySelectorAll<HTMLScriptElement>("script[src]")].map((script) => script.getAttribute("src")),
  ]);
  await browser.close();

  const sizes: [string, number][] = [];
  for (const part of parts) {
    const answer = await ask(hosts.clinic("sunrise") + part, { headers: { "accept-encoding": "br" } });
    expect(answer.headers["content-encoding"]).toBe("br");
    sizes.push([part?.replace(/\?.*/, "") ?? "", answer.body.byteLength]);
  }
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  const lines = sizes.map(([name, size]) => `  ${String(size).padStart(6)}  ${name}`);
  console.log(`booking page, brotli bytes:\n${lines.join("\n")}\n  ${String(total).padStart(6)}  in all, of ${BUDGET}`);
  expect(sizes).toHaveLength(3);
  expect(total).toBeLessThan(BUDGET);
});
