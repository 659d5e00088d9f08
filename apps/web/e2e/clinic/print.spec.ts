import { StatusPill as StaffPill } from "@pulsecal/ui/app";
import { type BookingStatus, StatusPill as PatientPill } from "@pulsecal/ui/site";
import type { Browser, Page } from "playwright-core";
import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hosts, launch } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const STATUSES: Record<BookingStatus, true> = {
  held: true,
  awaiting_payment: true,
  requested: true,
  confirmed: true,
  checked_in: true,
  in_consultation: true,
  completed: true,
  expired: true,
  cancelled: true,
  no_show: true,
  declined: true,
};
const all = Object.keys(STATUSES) as BookingStatus[];

/** What a printer without colour leaves: greys on white paper, and no painted backgrounds. */
const GREY_PRINTER = "html{filter:grayscale(1)!important}*{background:none!important}body{background:#fff!important}";

/** Every status as a face draws it, with that face's own style, on paper. */
async function printed(page: Page, address: string, pill: (status: BookingStatus) => ReactElement) {
  await page.goto(address);
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  const rows = all.map((status) => `<p>${renderToStaticMarkup(pill(status))}</p>`).join("");
  await page.evaluate(
    ([html, rules]) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
      document.adoptedStyleSheets = [sheet];
      document.body.innerHTML = html;
    },
    [rows, GREY_PRINTER] as const,
  );
  const words = await page.locator("p").allInnerTexts();
  const marks: string[] = [];
  for (const mark of await page.locator("p svg").all()) marks.push((await mark.screenshot()).toString("base64"));
  return { words, marks };
}

/** Where there is ink: each picture as a row of dots, dark or not, whatever shade of grey its colour became. */
function inkOf(page: Page, pictures: readonly string[]): Promise<{ ink: boolean[]; colour: number }[]> {
  return page.evaluate(
    (pngs) =>
      Promise.all(
        pngs.map(async (png) => {
          const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
          const canvas = new OffscreenCanvas(48, 48);
          const drawing = canvas.getContext("2d");
          if (!drawing) throw new Error("no canvas");
          drawing.drawImage(bitmap, 0, 0, 48, 48);
          const { data } = drawing.getImageData(0, 0, 48, 48);
          const grey: number[] = [];
          let colour = 0;
          for (let at = 0; at < data.length; at += 4) {
            const [r = 0, g = 0, b = 0] = [data[at], data[at + 1], data[at + 2]];
            grey.push((r + g + b) / 3);
            colour = Math.max(colour, Math.max(r, g, b) - Math.min(r, g, b));
          }
          const middle = (Math.max(...grey) + Math.min(...grey)) / 2;
          return { ink: grey.map((shade) => shade < middle), colour };
        }),
      ),
    [...pictures],
  );
}

/** How much of the ink of two marks lies where the other has none: 0 alike, 1 nothing in common. */
function apart(one: readonly boolean[], other: readonly boolean[]): number {
  let [either, both] = [0, 0];
  for (const [at, ink] of one.entries()) {
    if (ink || other[at]) either++;
    if (ink && other[at]) both++;
  }
  return 1 - both / either;
}

test("printed without colour, all eleven statuses are told apart by their marks and by their words, on both faces", async () => {
  // A face that is hydrated would draw its own page again.
  const page = await browser.newPage({ deviceScaleFactor: 4, javaScriptEnabled: false });
  const faces = {
    clinic: [`${hosts.clinic("sunrise")}/contact`, (status: BookingStatus) => createElement(PatientPill, { status })],
    portal: [
      `${hosts.clinic("sunrise")}/portal/sign-in`,
      (state: BookingStatus) => createElement(StaffPill, { state }),
    ],
  } as const;
  const blank = await browser.newPage();
  for (const [face, [address, pill]] of Object.entries(faces)) {
    const { words, marks } = await printed(page, address, pill);
    expect(new Set(words).size, face).toBe(11);
    expect(
      words.every((word) => word.trim() !== ""),
      face,
    ).toBe(true);
    const drawn = await inkOf(blank, marks);
    expect(drawn).toHaveLength(11);
    const wrong: string[] = [];
    for (const [at, one] of drawn.entries()) {
      if (one.colour > 2) wrong.push(`${face}: ${all[at]} is not grey`);
      for (const [then, other] of drawn.entries()) {
        const distance = apart(one.ink, other.ink);
        if (then > at && distance < 0.35) wrong.push(`${face}: ${all[at]} and ${all[then]} look alike (${distance})`);
      }
    }
    expect(wrong).toEqual([]);
  }
  await Promise.all([page.close(), blank.close()]);
});
