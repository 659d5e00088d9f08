import type { Page } from "playwright-core";
import { hosts } from "../support/browser.ts";

/** A mailbox of this spec's own: how much one mailbox is sent from one network address is bounded. */
export const MAILBOX = `lerato-${crypto.randomUUID().slice(0, 8)}@example.com`;

const SUNRISE = hosts.clinic("sunrise");

/** Opens the times of the first service with one doctor, on the n-th day that has some. Returns the page's address. */
export async function openTimes(page: Page, doctor: RegExp | "any" = "any", nthDay = 1): Promise<string> {
  await page.goto(`${SUNRISE}/book`);
  await page.getByRole("radio").first().check();
  await page.getByRole("button", { name: "Continue" }).click();
  if (doctor !== "any") await page.getByRole("radio", { name: doctor }).check();
  await page.getByRole("button", { name: "See times" }).click();
  const days = page.locator("[data-day]").filter({ hasNot: page.getByText("none", { exact: true }) });
  await days.nth(nthDay).click();
  await page.waitForURL(/day=/);
  return page.url();
}

/** The times on screen as the form knows them. */
export function timeBoxes(page: Page) {
  return page.locator('input[name="start"]');
}

/** The box of one time. */
export function box(page: Page, clock: string) {
  return page.locator(`input[data-time="${clock}"]`);
}

/** What the n-th box says. */
export async function clockAt(page: Page, nth: number): Promise<string> {
  return (await timeBoxes(page).nth(nth).getAttribute("data-time")) ?? "";
}

/** Chooses a time and takes its hold. */
export async function take(page: Page, clock: string): Promise<void> {
  await box(page, clock).check();
  await page.locator("[data-book]").click();
  await page.waitForURL(/\/hold\//);
}

/** Takes the hold on the n-th time and types the details. */
export async function holdAndType(page: Page, nth: number, name = "Lerato Dube"): Promise<void> {
  await take(page, await clockAt(page, nth));
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Email").fill(MAILBOX);
}

/** Presses the form's own Book button. */
export async function pressBook(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Book / }).click();
}

/** The message of the page: its first words, and what it offers to press. */
export async function alertOf(page: Page): Promise<{ title: string; buttons: string[] }> {
  const alert = page.getByRole("alert");
  await alert.waitFor();
  return {
    title: (await alert.getByRole("heading").textContent()) ?? "",
    buttons: await alert.getByRole("button").allTextContents(),
  };
}

/** The secret of the link a page stands on: of a hold or of a booking. */
export function tokenOf(page: Page): string {
  return new URL(page.url()).pathname.split("/")[2] ?? "";
}
