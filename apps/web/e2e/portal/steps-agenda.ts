import type { Browser, Locator, Page } from "playwright-core";
import { type OwnClinic, openClinic } from "../clinic/own-clinic.ts";
import { openPage } from "../support/browser.ts";
import { untilLive } from "./steps.ts";

export const DESK = { viewport: { width: 1280, height: 860 } };

export type Desk = {
  clinic: OwnClinic;
  serviceId: string;
  doctor: { id: string; name: string };
  /** the clinic's own clock on a day ahead, as an instant */
  at: (ahead: number, clock: string) => Date;
  book: (name: string, start: Date) => Promise<string>;
};

/** A clinic of the spec's own with one plain service of twenty minutes; its day is eight to five. */
export async function openDesk(name: string): Promise<Desk> {
  const clinic = await openClinic(name);
  const serviceId = await clinic.addService();
  const [doctor] = clinic.doctors;
  if (doctor === undefined) throw new Error("a new clinic has its first doctor");
  return {
    clinic,
    serviceId,
    doctor,
    at: (ahead, clock) => new Date(`${clinic.day(ahead)}T${clock}:00+02:00`),
    async book(patient, start) {
      const wish = { serviceId, who: doctor.id, start, name: patient, email: "patient@example.com" };
      return (await clinic.owner.staff.bookings.book.mutate({ ...wish, key: crypto.randomUUID() })).id;
    },
  };
}

/** A page of the clinic's owner, signed in and following the clinic. */
export async function signInAtDesk(browser: Browser, { clinic }: Desk, path: string, options = DESK) {
  const opened = await openPage(browser, options);
  const { page } = opened;
  await page.goto(`${clinic.url}/portal${path}`);
  await page.getByLabel("Email").fill(`owner@${new URL(clinic.url).hostname.split(".")[0]}.example`);
  await page.getByLabel("Password").fill("moss kettle lantern nine");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  await untilLive(page);
  return opened;
}

/** What has the focus, as a screen reader would name it. */
export const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return (element?.getAttribute("aria-label") ?? element?.textContent ?? "").replaceAll(/\s+/g, " ").trim();
  });

/** The line that tells where a booking that was taken up would go. */
export const ghostLine = (page: Page) => page.locator("[data-ghost-line]");

export const bookingButton = (page: Page, name: RegExp) => page.getByRole("grid").getByRole("button", { name });

/** Scrolls the grid until a booking is drawn: what is out of sight is not in the document. */
export async function scrollTo(page: Page, name: RegExp): Promise<Locator> {
  const block = bookingButton(page, name);
  const box = page.locator("[data-agenda]");
  const height = await box.evaluate((each) => each.scrollHeight);
  for (let top = 0; top < height && (await block.count()) === 0; top += 300) {
    await box.evaluate((each, to) => {
      each.scrollTo(0, to);
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }, top);
  }
  return block;
}
