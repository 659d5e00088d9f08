import type { Page } from "playwright-core";
import { hosts, pulse } from "../support/browser.ts";

export const SUNRISE = hosts.clinic("sunrise");
export const PORTAL = `${SUNRISE}/portal`;

/** Signs in as the demo clinic's owner; ends on the page asked for. */
export async function signInToPortal(page: Page, path = ""): Promise<void> {
  await page.goto(`${PORTAL}${path}`);
  await page.getByLabel("Email").fill(pulse.ownerLogin.email);
  await page.getByLabel("Password").fill(pulse.ownerLogin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
}

/** Waits until the page follows the clinic. The badge stands twice, for wide and narrow screens. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-live="live"]').locator("visible=true").waitFor();
}

/** Types a patient's details on the page of a hold and books. */
export async function bookHeld(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Email").fill("patient@example.com");
  await page.getByRole("button", { name: /^Book / }).click();
  await page.waitForURL(/\/b\//);
}

/** Takes a time by its clock on an open page of times. */
export async function holdAt(page: Page, clock: string): Promise<void> {
  await page.locator(`input[data-time="${clock}"]`).check();
  await page.locator("[data-book]").click();
  await page.waitForURL(/\/hold\//);
}

/** The first link in a mail to this person that fits; waits for the mail by listening to the mailbox. */
export async function linkFromMail(to: string, fits: RegExp): Promise<string> {
  const answer = await fetch(`${pulse.mailboxUrl}/api/events?to=${encodeURIComponent(to)}`);
  let heard = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    heard += chunk;
    for (const [, data = ""] of heard.matchAll(/^event: mail\ndata: (.*)\n$/gm)) {
      const { id } = JSON.parse(data) as { id: string };
      const mail = (await (await fetch(`${pulse.mailboxUrl}/api/messages/${id}`)).json()) as { text: string };
      const link = fits.exec(mail.text)?.[0];
      if (link !== undefined) return link;
    }
  }
  throw new Error(`the mailbox hung up before a mail to ${to} came`);
}
