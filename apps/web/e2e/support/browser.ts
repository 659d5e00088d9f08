import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { inject } from "vitest";

type Login = { email: string; password: string };

declare module "vitest" {
  interface ProvidedContext {
    /** The system the browser run has started; see `scripts/test/e2e-setup.ts`. */
    pulse: {
      webPort: number;
      baseDomain: string;
      mailboxUrl: string;
      chromium: { executablePath: string; env: Record<string, string>; args: string[] };
      adminLogin: Login;
      ownerLogin: Login;
    };
  }
}

export const pulse = inject("pulse");

const at = (prefix: string) => `http://${prefix}${pulse.baseDomain}:${pulse.webPort}`;

/** The addresses of the faces, without a slash at the end. */
export const hosts = {
  apex: at(""),
  console: at("admin."),
  clinic: (slug: string) => at(`${slug}.`),
};

const everyLook = process.env["PULSECAL_FULL"] === "1" || process.env["PULSECAL_PICTURES"] === "1";

/**
 * A phone in the light and a desk in the dark: between them every rule of both is asked. `npm test -- --e2e --full` and
 * a run for pictures look at all four.
 */
export const LOOKS = (["light", "dark"] as const)
  .flatMap((colorScheme) => [
    { name: `390 ${colorScheme}`, viewport: { width: 390, height: 844 }, colorScheme },
    { name: `1280 ${colorScheme}`, viewport: { width: 1280, height: 860 }, colorScheme },
  ])
  .filter(({ name }) => everyLook || name === "390 light" || name === "1280 dark");

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 } };

export function launch(): Promise<Browser> {
  return chromium.launch({ ...pulse.chromium, headless: true });
}

/** A page in a context of its own, that fails the test when the browser refuses a script or a style. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = PHONE,
): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A page that answers 4xx on purpose is reported as a failed load; everything else is ours to mend.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  return { page, context, complaints };
}

/**
 * What axe finds, one line each; a test expects none. In the dark only colours differ, so only their rules are asked
 * again: the whole set takes most of a test's time.
 */
export async function axe(page: Page, scheme: "light" | "dark" = "light"): Promise<string[]> {
  const builder = new AxeBuilder({ page });
  const { violations } = await (scheme === "dark"
    ? builder.withRules(["color-contrast", "link-in-text-block"])
    : builder
  ).analyze();
  return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(" ")}`));
}

/** Whether anything sticks out sideways. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}

/** Looks at the page as it stands, at every size and in both colour schemes unless said; what is wrong, by look. */
export async function troubleIn(
  page: Page,
  seen?: (look: string) => Promise<void>,
  looks: readonly (typeof LOOKS)[number][] = LOOKS,
): Promise<string[]> {
  const trouble: string[] = [];
  for (const { name, viewport, colorScheme } of looks) {
    await page.setViewportSize(viewport);
    // Without motion, else axe would measure colours on their way from one scheme to the other.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    trouble.push(...(await axe(page, colorScheme)).map((each) => `${name}: ${each}`));
    if (await scrollsSideways(page)) trouble.push(`${name}: scrolls sideways`);
    await seen?.(name.replace(" ", "-"));
  }
  await page.setViewportSize({ width: 320, height: 640 });
  if (await scrollsSideways(page)) trouble.push("320: scrolls sideways");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  return trouble;
}

/** Keeps a picture for the README; `npm test` leaves the committed ones alone unless asked to make new ones. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = new URL("../../../../docs/pictures", import.meta.url).pathname;
  // A phone in the dark adds nothing to the two it stands between.
  if (process.env["PULSECAL_PICTURES"] !== "1" || name.endsWith("-390-dark")) return;
  await page.evaluate(() => window.scrollTo(0, 0));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage, animations: "disabled" });
}
