import type { Page } from "playwright-core";
import { scrollsSideways, troubleIn } from "../support/browser.ts";

const TWICE = "html{font-size:200%!important}";
/** What a reader may set, by WCAG 1.4.12. */
const SPACED =
  "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}";

/** What is cut or sticks out once a reader's own rules lie over the page. */
async function cutUnder(page: Page, rules: string): Promise<string[]> {
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, rules);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((each) => {
        const style = getComputedStyle(each);
        const clips = [style.overflowX, style.overflowY].some((how) => how === "hidden" || how === "clip");
        const unseen = style.clipPath !== "none" || each.closest(".sr-only") !== null;
        const over = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
        return clips && !unseen && over && (each.textContent ?? "").trim() !== "";
      })
      .map((each) => `cut: ${each.tagName} ${each.textContent?.slice(0, 40)}`),
  );
  if (await scrollsSideways(page)) cut.push(`sticks out: ${await widestOn(page)}`);
  await page.evaluate(() => {
    document.adoptedStyleSheets = [];
  });
  return cut.map((each) => `${each} under ${rules.slice(0, 20)}`);
}

/** The innermost thing that reaches furthest to the right. */
function widestOn(page: Page): Promise<string> {
  return page.evaluate(() => {
    const right = (each: Element) => each.getBoundingClientRect().right;
    const all = [...document.querySelectorAll("body *")].sort((a, b) => right(b) - right(a));
    const [first] = all;
    const widest = all.filter((each) => first && right(each) >= right(first) - 1).at(-1);
    return widest?.outerHTML.slice(0, 160) ?? "";
  });
}

/** Controls smaller than a finger (44), and anything to press smaller than 24; links in running text may be as high as their line. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("a[href], button, input:not([type=hidden]), textarea, select")].flatMap(
      (each) => {
        const pressed = each.matches("input[type=radio], input[type=checkbox]")
          ? (each.closest("label") ?? each)
          : each;
        const { width, height } = pressed.getBoundingClientRect();
        if (width === 0 || each.hidden || each.closest(".sr-only") || each.classList.contains("sr-only")) return [];
        const inText = each.matches("a") && getComputedStyle(each).display === "inline";
        const least = inText ? 0 : each.matches("a") && each.closest("dl, ul, footer, p") ? 24 : 44;
        return Math.min(width, height) < least - 0.5
          ? [
              `${each.tagName} "${(each.textContent ?? "").slice(0, 30)}" is ${Math.round(width)} by ${Math.round(height)}`,
            ]
          : [];
      },
    ),
  );
}

/** Transitions and animations that would still run. */
function motion(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")].flatMap((each) => {
      const { transitionDuration, animationName, animationDuration } = getComputedStyle(each);
      const moves = /[1-9]/.test(transitionDuration) || (animationName !== "none" && /[1-9]/.test(animationDuration));
      return moves ? [`${each.tagName}.${each.className}`] : [];
    }),
  );
}

/**
 * Everything a machine can see of a patient's page as it stands: axe at every size in light and dark, a phone of 320 px,
 * text at twice its size and with wide spacing, targets for a finger, and stillness for whoever asked for it.
 */
export async function patientTrouble(page: Page, seen?: (look: string) => Promise<void>): Promise<string[]> {
  const trouble = [...(await troubleIn(page, seen)), ...(await smallTargets(page))];
  for (const rules of [TWICE, SPACED]) trouble.push(...(await cutUnder(page, rules)));
  await page.emulateMedia({ reducedMotion: "reduce" });
  trouble.push(...(await motion(page)).map((each) => `moves: ${each}`));
  await page.emulateMedia({ reducedMotion: null });
  return trouble;
}
