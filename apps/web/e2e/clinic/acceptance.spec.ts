import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, openPage, PHONE } from "../support/browser.ts";
import { type OwnClinic, openClinic } from "./own-clinic.ts";
import { patientTrouble } from "./patient-looks.ts";
import { depthScreens } from "./screens.ts";
import { box, clockAt, holdAndType, pressBook, take, timeBoxes, MAILBOX } from "./steps.ts";

let browser: Browser;
let clinic: OwnClinic;
let service: string;
beforeAll(async () => {
  [browser, clinic] = await Promise.all([launch(), openClinic("Every Screen")]);
  service = await clinic.addService({ name: "Visit" });
});
afterAll(() => browser.close());

const timesOf = (day: number) => `${clinic.url}/book/${service}/any?from=${clinic.day(day)}`;

test("every screen and state: axe finds nothing, nothing sticks out at 320, nothing is cut at twice the size, targets are large, nothing moves", async () => {
  const { page, context, complaints } = await openPage(browser);
  const found: Record<string, string[]> = {};
  for await (const screen of depthScreens(browser, page, clinic)) {
    const trouble = await patientTrouble(page);
    if (trouble.length > 0) found[screen] = trouble;
  }
  expect(found).toEqual({});
  expect(complaints).toEqual([]);
  await context.close();
}, 300_000);

test("Tab through a booking, from times to proof, and arrows through the times: the ring is always to be seen and never under the bar", async () => {
  const { page, context } = await openPage(browser);
  await page.goto(timesOf(6));
  const seen = () =>
    page.evaluate(() => {
      const active = document.activeElement;
      if (!(active instanceof HTMLElement) || active === document.body) return { name: "", ring: true, covered: false };
      const shown = active.closest("label") ?? active;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      const { left, top, width, height } = shown.getBoundingClientRect();
      const over = document.elementFromPoint(left + width / 2, top + height / 2);
      return {
        name: active.getAttribute("aria-label") || active.textContent || active.id,
        ring: outlineStyle !== "none" && outlineWidth !== "0px",
        covered: !(over && (shown.contains(over) || over.contains(shown))),
      };
    });
  const wrong: object[] = [];
  const tabThrough = async () => {
    const stops = new Set<string>();
    for (let press = 0; press < 60; press++) {
      await page.keyboard.press("Tab");
      const stop = await seen();
      if (stop.name === "" || stops.has(stop.name)) break;
      stops.add(stop.name);
      if (!stop.ring || stop.covered) wrong.push(stop);
    }
    return stops.size;
  };
  expect(await tabThrough()).toBeGreaterThan(12);
  await timeBoxes(page).first().focus();
  for (let press = 0; press < (await timeBoxes(page).count()); press++) {
    await page.keyboard.press("ArrowDown");
    const stop = await seen();
    if (!stop.ring || stop.covered) wrong.push(stop);
  }
  await take(page, await clockAt(page, 2));
  expect(await tabThrough()).toBeGreaterThan(8);
  await page.getByLabel("Your name").fill("Lerato Dube");
  await page.getByLabel("Email").fill(MAILBOX);
  await pressBook(page);
  await page.waitForURL(/\/b\//);
  expect(await tabThrough()).toBeGreaterThan(5);
  expect(wrong).toEqual([]);
  await context.close();
});

test("days and times are spoken with their date, what they hold and whom one sees", async () => {
  const { page, context } = await openPage(browser);
  await page.goto(timesOf(6));
  const days = await page.locator("[data-day] .sr-only").allTextContents();
  expect(days).toHaveLength(7);
  for (const day of days)
    expect(day).toMatch(/^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ [A-Z][a-z]+, (no times|\d+ times?)$/);
  const times = await timeBoxes(page).evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  for (const time of times) expect(time).toMatch(/^[A-Z][a-z]{2} \d+ [A-Z][a-z]{2}, \d\d:\d\d with Dr Lindiwe Cele$/);
  await context.close();
});

test("a line that is cut while times change: the bar says since when, and on return all is right and counted", async () => {
  const [watcher, other] = await Promise.all([openPage(browser), openPage(browser)]);
  const { page } = watcher;
  let cut = false;
  const lines = new Set<{ close(): Promise<void> }>();
  await page.routeWebSocket(/\/ws$/, (line) => {
    if (cut) return void line.close();
    lines.add(line);
    line.connectToServer();
  });
  await page.goto(timesOf(7));
  await page.waitForFunction(() => document.querySelector("[data-offline]")?.hasAttribute("hidden"));
  const count = await timeBoxes(page).count();
  const [first, second] = [await clockAt(page, 3), await clockAt(page, 5)];
  await box(page, first).focus();

  cut = true;
  for (const line of lines) await line.close();
  await page.getByText(/You are offline. This is how it looked at \d\d:\d\d\./).waitFor();
  for (const clock of [first, second]) {
    const asked = { serviceId: service, who: "any", from: clinic.day(7), days: 1 };
    const { days } = await clinic.guest.public.booking.times.query(asked);
    const start = days[0]?.times.find((each) => localClock(each.start) === clock)?.start;
    if (!start) throw new Error(`${clock} is not free`);
    const key = crypto.randomUUID();
    await clinic.guest.public.booking.hold.mutate({ serviceId: service, who: "any", start, key });
  }
  expect(await box(page, first).getAttribute("aria-disabled")).toBeNull();

  cut = false;
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.locator(`input[data-time="${second}"][aria-disabled="true"]`).waitFor();
  expect(await box(page, first).getAttribute("aria-disabled")).toBe("true");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-time"))).toBe(first);
  expect(await page.locator('[data-live-region=""]').textContent()).toBe(
    `Back online. 2 changes. ${count - 2} times left.`,
  );
  expect(await page.locator("[data-offline]").isHidden()).toBe(true);
  expect(watcher.complaints.filter((each) => !each.includes("WebSocket"))).toEqual([]);
  await Promise.all([watcher.context.close(), other.context.close()]);
});

/** A layout-shift entry, which the DOM types do not know. */
type Shift = { value: number; sources: { node: Node | null }[] };

test("a burst of fifty changes moves nothing", async () => {
  const { page, context } = await openPage(browser);
  await page.goto(timesOf(10));
  await page.evaluate(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as Shift[]) {
        const moved = entry.sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 120));
        shifts.push(`${entry.value}: ${moved.join(" ")}`);
      }
    }).observe({ type: "layout-shift", buffered: false });
  });
  const asked = { serviceId: service, who: "any", from: clinic.day(10), days: 1 };
  const { days } = await clinic.guest.public.booking.times.query(asked);
  const starts = (days[0]?.times ?? []).slice(0, 25).map((each) => each.start);
  expect(starts).toHaveLength(25);
  const held = await Promise.all(
    starts.map((start) =>
      clinic.guest.public.booking.hold.mutate({ serviceId: service, who: "any", start, key: crypto.randomUUID() }),
    ),
  );
  const taken = page.locator('input[name="start"][aria-disabled="true"]');
  await expect.poll(() => taken.count()).toBe(25);
  await Promise.all(held.map(({ token }) => clinic.guest.public.booking.releaseHold.mutate({ token })));
  await expect.poll(() => taken.count()).toBe(0);
  expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
  await context.close();
});

test("without a connection a form is not sent, says why and keeps what was typed", async () => {
  const { page, context } = await openPage(browser, PHONE);
  await page.goto(timesOf(8));
  await holdAndType(page, 2, "Nomvula Sithole");
  await page.getByLabel("Reason").fill("A cough, since Sunday");
  await context.setOffline(true);
  await page.getByText("You are offline. What you typed is kept").waitFor();
  await page.getByRole("button", { name: /^Book / }).click();
  await page.getByRole("button", { name: "5 min more" }).click();
  expect(page.url()).toMatch(/\/hold\//);
  expect(await page.getByLabel("Your name").inputValue()).toBe("Nomvula Sithole");
  expect(await page.getByLabel("Reason").inputValue()).toBe("A cough, since Sunday");
  await context.setOffline(false);
  await page.getByRole("button", { name: /^Book / }).click();
  await page.waitForURL(/\/b\//);
  await context.close();
});

test("one message at a time: a second taken time waits five seconds to be spoken", async () => {
  const [watcher, other] = await Promise.all([openPage(browser), openPage(browser)]);
  await watcher.page.goto(timesOf(9));
  const spoken = watcher.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const region = document.querySelector("[data-live-region]");
        const at: number[] = [];
        new MutationObserver(() => {
          at.push(performance.now());
          if (at.length === 2) resolve((at[1] ?? 0) - (at[0] ?? 0));
        }).observe(region as Node, { childList: true, characterData: true, subtree: true });
      }),
  );
  for (const nth of [2, 4]) {
    await other.page.goto(timesOf(9));
    await other.context.clearCookies();
    await take(other.page, await clockAt(other.page, nth));
  }
  expect(await spoken).toBeGreaterThan(4_900);
  await Promise.all([watcher.context.close(), other.context.close()]);
});

const localClock = (start: Date): string =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Africa/Johannesburg" }).format(
    start,
  );
