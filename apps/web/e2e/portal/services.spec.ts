import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, openPage, PHONE } from "../support/browser.ts";
import { PORTAL, signInToPortal, SUNRISE, untilLive } from "./steps.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("a new service is saved, listed, and offered to patients", async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: { width: 1280, height: 860 } });
  await signInToPortal(page, "/settings/services");
  await untilLive(page);
  await page.getByRole("link", { name: "New service" }).click();
  await page.getByLabel("Name").fill("Blood pressure check");
  await page.getByLabel("Length, minutes").fill("10");
  await page.getByLabel("Price at the clinic").fill("R 120,50");
  await page.getByRole("button", { name: "Save service" }).click();
  await page.getByText("Blood pressure check is saved. Patients see it now.").waitFor();
  const row = page.getByRole("row", { name: /Blood pressure check/ });
  expect(await row.textContent()).toContain("R120.50");

  await page.goto(`${SUNRISE}/book`);
  expect(await page.textContent("main")).toContain("Blood pressure check");
  await page.goto(`${PORTAL}/settings/services`);
  await page.getByRole("link", { name: "Blood pressure check" }).click();
  await page.getByRole("switch", { name: "Patients can book it" }).uncheck();
  await page.getByRole("button", { name: "Save service" }).click();
  await page.getByText("Blood pressure check is saved.", { exact: false }).waitFor();
  await page.goto(`${SUNRISE}/book`);
  expect(await page.textContent("main")).not.toContain("Blood pressure check");
  expect(complaints).toEqual([]);
  await context.close();
});

test("a service changed by someone else is not saved over, and what was typed stays", async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: { width: 1280, height: 860 } });
  await signInToPortal(page, "/settings/services");
  const open = async (tab: Page) => {
    await tab.goto(`${PORTAL}/settings/services`);
    await tab.getByRole("row").nth(1).getByRole("link").click();
    await tab.getByRole("button", { name: "Save service" }).waitFor();
    await untilLive(tab);
  };
  const second = await context.newPage();
  await open(page);
  await open(second);
  const [price, theirs] = ["Price at the clinic", "Free after, min"];
  await page.getByLabel(price).fill("333");
  await second.getByLabel(theirs).first().fill("5");
  await second.getByRole("button", { name: "Save service" }).click();
  await second.getByText("is saved.", { exact: false }).waitFor();

  // a page behind another one is slow to draw
  await page.bringToFront();
  await page.getByText(/Someone else changed .* while you were typing/).waitFor();
  expect(await page.getByLabel(price).inputValue()).toBe("333");
  await page.getByRole("button", { name: "Save service" }).click();
  await page.waitForFunction(() => document.title.startsWith("Error: "));
  await page.getByRole("button", { name: "See change" }).click();
  expect(await page.getByLabel(theirs).first().inputValue()).toBe("5");
  expect(await page.getByLabel(price).inputValue()).not.toBe("333");
  await page.getByLabel(theirs).first().fill("0");
  await page.getByRole("button", { name: "Save service" }).click();
  await page.getByText("is saved.", { exact: false }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("without JavaScript a wrong form comes back as it was typed", async () => {
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  await signInToPortal(page, "/settings/services?edit=new");
  await page.getByLabel("Name").fill("Flu jab");
  await page.getByLabel("Price at the clinic").fill("a lot");
  await page.getByRole("button", { name: "Save service" }).click();
  expect(await page.getByRole("alert").textContent()).toContain("Enter a price in rand, like 450");
  expect(await page.getByLabel("Name").inputValue()).toBe("Flu jab");
  expect(await page.getByLabel("Price at the clinic").inputValue()).toBe("a lot");
  await context.close();
});
