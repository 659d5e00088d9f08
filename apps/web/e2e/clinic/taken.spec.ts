import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, openPage, PHONE } from "../support/browser.ts";
import { type OwnClinic, openClinic } from "./own-clinic.ts";
import { alertOf, box, clockAt, holdAndType, pressBook, take, tokenOf, MAILBOX } from "./steps.ts";

let browser: Browser;
let clinic: OwnClinic;
let times: (day: number) => string;
beforeAll(async () => {
  [browser, clinic] = await Promise.all([launch(), openClinic("Two Browsers")]);
  const service = await clinic.addService();
  times = (day) => `${clinic.url}/book/${service}/any?from=${clinic.day(day)}`;
});
afterAll(() => browser.close());

const NO_SCRIPT: BrowserContextOptions = { ...PHONE, javaScriptEnabled: false };

/** Two people who look at the same doctor and day. */
async function twoPeople(day: number, options = PHONE) {
  const [slow, fast] = await Promise.all([openPage(browser, options), openPage(browser)]);
  await Promise.all([slow.page.goto(times(day)), fast.page.goto(times(day))]);
  const close = async () => {
    await Promise.all([slow.context.close(), fast.context.close()]);
    expect([...slow.complaints, ...fast.complaints]).toEqual([]);
  };
  return { slow: slow.page, fast: fast.page, close };
}

/** When a box says Taken, by the clock of this machine; ask before the other one presses. */
function momentTaken(page: Page, clock: string): Promise<number> {
  return page.evaluate(
    (time) =>
      new Promise<number>((resolve) => {
        const input = document.querySelector(`input[data-time="${time}"]`);
        if (!input) throw new Error(`no box for ${time}`);
        const watch = new MutationObserver(() => {
          if (input.getAttribute("aria-disabled") === "true") resolve(Date.now());
        });
        watch.observe(input, { attributes: true });
      }),
    clock,
  );
}

const focusedTime = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-time"));

describe("two browsers on the same doctor and day", () => {
  test("one books: the other's time says Taken within a second and keeps focus; booked anyway, it brings three others", async () => {
    const { slow, fast, close } = await twoPeople(2);
    const clock = await clockAt(slow, 4);
    await box(slow, clock).focus();
    const taken = momentTaken(slow, clock);
    const answered = fast.waitForResponse((answer) => answer.request().method() === "POST").then(() => Date.now());
    await take(fast, clock);
    expect((await taken) - (await answered)).toBeLessThan(1_000);

    expect(await focusedTime(slow)).toBe(clock);
    expect(await box(slow, clock).getAttribute("aria-label")).toMatch(/, \d\d:\d\d with Dr Lindiwe Cele, taken$/);
    expect(await slow.getByText("Taken", { exact: true }).locator("visible=true").count()).toBe(1);

    await slow.keyboard.press("Enter");
    const { title, buttons } = await alertOf(slow);
    expect(title).toBe(`Someone took ${clock} while you were choosing.`);
    expect(buttons).toHaveLength(3);
    await slow.getByRole("button", { name: buttons[1] }).click();
    await slow.waitForURL(/\/hold\//);
    expect(await slow.locator("main").textContent()).toContain(buttons[1]);
    await close();
  });

  test("a chosen time that is taken says what is near when it is pressed, and offers three when it is booked", async () => {
    const { slow, fast, close } = await twoPeople(2);
    const clock = await clockAt(slow, 8);
    await box(slow, clock).check();
    await take(fast, clock);
    await slow.getByText(`${clock} was just taken.`).waitFor();
    expect(await box(slow, clock).isChecked()).toBe(false);
    // Playwright would wait for an enabled box; a person just presses.
    await box(slow, clock).click({ force: true });
    expect(await box(slow, clock).isChecked()).toBe(false);
    expect(await slow.locator("[data-said]").textContent()).toMatch(/\d\d:\d\d and \d\d:\d\d are free\.$/);

    await slow.locator("[data-book]").click();
    expect((await alertOf(slow)).buttons).toHaveLength(3);
    await close();
  });

  test("without JavaScript the page that knew nothing of it answers with three others to press", async () => {
    const { slow, fast, close } = await twoPeople(2, NO_SCRIPT);
    const clock = await clockAt(slow, 12);
    await take(fast, clock);
    await box(slow, clock).check();
    await slow.locator("[data-book]").click();
    const { title, buttons } = await alertOf(slow);
    expect(title).toBe(`Someone took ${clock} while you were choosing.`);
    expect(buttons).toHaveLength(3);
    expect(await box(slow, clock).count()).toBe(0);
    await slow.getByRole("button", { name: buttons[2] }).click();
    await slow.waitForURL(/\/hold\//);
    expect(await slow.locator("main").textContent()).toContain(buttons[2]);
    await close();
  });
});

describe("a hold that ended, and somebody else took its time", () => {
  test.each([
    ["with the island", 3, PHONE],
    ["without JavaScript", 4, NO_SCRIPT],
  ])("%s: confirming keeps every word and offers three times to press", async (_how, day, options) => {
    const { slow, fast, close } = await twoPeople(day, options);
    const clock = await clockAt(slow, 6);
    await holdAndType(slow, 6, "Nomvula Sithole");
    await slow.getByLabel("Reason").fill("A cough, since Sunday");
    // By itself a hold lasts ten minutes.
    await clinic.guest.public.booking.releaseHold.mutate({ token: tokenOf(slow) });
    await fast.reload();
    await take(fast, clock);

    await pressBook(slow);
    const { title, buttons } = await alertOf(slow);
    expect(await slow.title()).toMatch(/^Error: /);
    expect(title).toBe(`We could not keep ${clock} any longer`);
    expect(buttons).toHaveLength(3);
    expect(buttons.join()).not.toContain(clock);
    expect(await slow.getByLabel("Your name").inputValue()).toBe("Nomvula Sithole");
    expect(await slow.getByLabel("Email").inputValue()).toBe(MAILBOX);
    expect(await slow.getByLabel("Reason").inputValue()).toBe("A cough, since Sunday");

    await slow.getByRole("button", { name: buttons[1] }).click();
    await slow.waitForURL(/\/b\//);
    expect(await slow.getByRole("heading", { level: 1 }).textContent()).toBe("You are booked");
    const words = await slow.locator("main").textContent();
    expect(words).toContain(buttons[1]?.replace("Book ", ""));
    expect(words).toContain("Nomvula Sithole");
    await close();
  });
});
