import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { untilLive } from "../portal/steps.ts";
import { axe, hosts, launch, LOOKS, openPage, picture, scrollsSideways } from "../support/browser.ts";
import { signInToConsole, signUpClinic } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await signUpClinic("A Clinic Waiting To Be Looked At", "looked-at");
});
afterAll(() => browser.close());

/** Every screen and state of the face. */
async function* screens(page: Page): AsyncGenerator<string> {
  await page.goto(`${hosts.console}/sign-in`);
  yield "sign-in";
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  yield "sign-in refused";
  await signInToConsole(page);
  await untilLive(page);
  yield "overview";
  await page.goto(`${hosts.console}/approvals`);
  await untilLive(page);
  yield "approvals";
  await page.getByRole("link", { name: "Approve", exact: true }).click();
  await page.getByRole("alertdialog").waitFor();
  yield "approve";
  await page.goto(`${hosts.console}/approvals?show=live`);
  await untilLive(page);
  yield "decided";
  await page.goto(`${hosts.console}/no-such-page`);
  yield "missing";
}

describe.each(LOOKS)("the console at $name", ({ name, viewport, colorScheme }) => {
  test("axe finds nothing and nothing sticks out", async () => {
    const { page, context, complaints } = await openPage(browser, { viewport, colorScheme });
    const found: Record<string, string[]> = {};
    for await (const screen of screens(page)) {
      const trouble = await axe(page);
      if (await scrollsSideways(page)) trouble.push("scrolls sideways");
      if (trouble.length > 0) found[screen] = trouble;
      if (["overview", "approvals"].includes(screen))
        await picture(page, `console-${screen}-${name.replace(" ", "-")}`);
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test("at 320 px nothing scrolls sideways", async () => {
  const { page, context } = await openPage(browser, { viewport: { width: 320, height: 640 } });
  const wide: string[] = [];
  for await (const screen of screens(page)) if (await scrollsSideways(page)) wide.push(screen);
  expect(wide).toEqual([]);
  await context.close();
});

test("the server's pages carry no inline style, which the content policy would drop", async () => {
  const { page, context } = await openPage(browser);
  await signInToConsole(page);
  for (const path of ["/", "/approvals", "/approvals?show=live"]) {
    const html = await (await page.goto(`${hosts.console}${path}`))?.text();
    expect(html).toContain("</html>");
    expect(html).not.toMatch(/ style=/);
  }
  await context.close();
});
