import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { untilLive } from "../portal/steps.ts";
import { hosts, launch } from "../support/browser.ts";
import { testLooks } from "../support/looks.ts";
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

testLooks({
  face: "console",
  browser: () => browser,
  screens,
  pictured: ["overview", "approvals"],
  signIn: signInToConsole,
  addresses: ["/", "/approvals", "/approvals?show=live"].map((path) => `${hosts.console}${path}`),
});
