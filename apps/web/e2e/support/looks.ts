import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, picture, scrollsSideways, troubleIn } from "./browser.ts";

/** A face as a looks spec walks it. */
export type Walk = {
  face: string;
  browser: () => Browser;
  /** Goes from screen to screen, and to the states that are easily forgotten; each by its name. */
  screens: (page: Page) => AsyncGenerator<string>;
  /** Those of which the README keeps a picture. */
  pictured: readonly string[];
  /** Addresses whose HTML is looked at as the server sends it, once signed in. */
  signIn: (page: Page) => Promise<void>;
  addresses: readonly string[];
};

/**
 * A desk's screen at 200 %, which leaves it 640 px, with the spacing of WCAG 1.4.12 laid on: what is cut off or sticks
 * out then. Words that end in an ellipsis on purpose are whole in what they open.
 */
async function cutByLargeText(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 640, height: 430 });
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }",
    );
    document.adoptedStyleSheets = [sheet];
  });
  const cut = await page
    .locator("button, a, label, legend, h1, h2, h3, th, dt, dd, summary, p")
    .locator("visible=true")
    .evaluateAll((all) =>
      all
        .filter((each) => {
          const style = getComputedStyle(each);
          const hides = style.overflowX !== "visible" && style.textOverflow !== "ellipsis";
          // Words for screen readers alone are a pixel wide.
          return (
            hides && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1 && !each.closest("[data-booking]")
          );
        })
        .map((each) => `cut at 200 %: ${each.outerHTML.slice(0, 120)}`),
    );
  if (await scrollsSideways(page)) cut.push(`200 %: ${(await stickingOut(page)).join(" | ")} sticks out`);
  await page.evaluate(() => {
    document.adoptedStyleSheets = [];
  });
  await page.setViewportSize({ width: 390, height: 844 });
  return cut;
}

/** The innermost boxes that reach past the right edge. */
const stickingOut = (page: Page): Promise<string[]> =>
  page.locator("body *").evaluateAll((all) => {
    const out = all.filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1);
    return out
      .filter((each) => !out.some((other) => other !== each && each.contains(other)))
      .slice(0, 3)
      .map((each) => each.outerHTML.slice(0, 120));
  });

/** What moves by itself though the reader asked for stillness; the page is looked at with reduced motion. */
function moving(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 0)
      .map((one) => `moves: ${one.effect instanceof KeyframeEffect ? one.effect.target?.outerHTML.slice(0, 120) : ""}`),
  );
}

/** Targets under 24 px that have no room around them either. */
async function tooSmall(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withRules(["target-size"]).analyze();
  return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(" ")}`));
}

/** Everything a machine can see of a screen as it stands: at every size, in light and dark, with large text, in stillness. */
export async function troubleOf(page: Page, seen?: (look: string) => Promise<void>): Promise<string[]> {
  const trouble = await troubleIn(page, seen);
  trouble.push(...(await tooSmall(page)), ...(await moving(page)), ...(await cutByLargeText(page)));
  return trouble;
}

/** The two tests of a face's looks: one walk past every screen, and the server's HTML by itself. */
export function testLooks({ face, browser, screens, pictured, signIn, addresses }: Walk): void {
  test(`${face}: every screen, at every size, in light and dark, with large text and without motion`, async () => {
    const { page, context, complaints } = await openPage(browser());
    const found: Record<string, string[]> = {};
    for await (const screen of screens(page)) {
      const shown = pictured.includes(screen);
      const trouble = await troubleOf(page, shown ? (look) => picture(page, `${face}-${screen}-${look}`) : undefined);
      if (trouble.length > 0) found[screen] = trouble;
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
    await context.close();
  }, 240_000);

  test(`${face}: the server's pages carry no inline style, which the content policy would drop`, async () => {
    const { page, context } = await openPage(browser());
    await signIn(page);
    for (const address of addresses) {
      const html = await (await page.goto(address))?.text();
      expect(html).toContain("</html>");
      expect(html).not.toMatch(/ style=/);
    }
    await context.close();
  });
}
