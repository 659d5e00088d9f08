import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { hosts, launch, openPage } from "../support/browser.ts";
import { ask } from "../support/http.ts";
import { holdAndType, openTimes, pressBook } from "./steps.ts";

const BUDGET = 40_000;

/** What a page brings along, compressed as a browser gets it: itself, its style and its island; no font, no picture. */
async function weightOf(page: Page): Promise<{ parts: [string, number][]; total: number }> {
  const addresses = await page.evaluate(() => [
    location.pathname + location.search,
    ...[...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].map((link) => link.href),
    ...[...document.querySelectorAll<HTMLScriptElement>("script[src]")].map((script) => script.src),
  ]);
  const parts: [string, number][] = [];
  for (const address of addresses) {
    const url = new URL(address, hosts.clinic("sunrise"));
    const answer = await ask(url.href, { headers: { "accept-encoding": "br" } });
    expect(answer.headers["content-encoding"]).toBe("br");
    parts.push([url.pathname.replace(/[\w-]{20,}/g, "…"), answer.body.byteLength]);
  }
  return { parts, total: parts.reduce((sum, [, size]) => sum + size, 0) };
}

test("each page of a booking weighs under 40 kB, compressed, with its style and its island", async () => {
  const browser = await launch();
  const { page } = await openPage(browser);
  const weigh = async (what: string) => {
    const { parts, total } = await weightOf(page);
    const lines = parts.map(([name, size]) => `  ${String(size).padStart(6)}  ${name}`);
    console.log(`${what}, brotli bytes:\n${lines.join("\n")}\n  ${String(total).padStart(6)}  in all, of ${BUDGET}`);
    expect(total).toBeLessThan(BUDGET);
    return parts.length;
  };

  await openTimes(page, "any", 2);
  expect(await weigh("times")).toBe(3);
  await holdAndType(page, 3);
  expect(await weigh("details")).toBe(3);
  await pressBook(page);
  await page.waitForURL(/\/b\//);
  expect(await weigh("booked")).toBe(3);
  await page.getByRole("link", { name: "Move to another time" }).click();
  await page.waitForURL(/\/move$/);
  expect(await weigh("move")).toBe(3);
  await browser.close();
});
