import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hosts, launch, openPage, PHONE, picture, troubleIn } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const PASSWORD = "moss kettle lantern nine";

async function toStep2(page: Page, name: string, slug: string): Promise<void> {
  await page.goto(`${hosts.apex}/start`);
  await page.getByLabel("Clinic name").fill(name);
  await page.getByLabel("Web address").fill(slug);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL("**/start/you");
}

async function toStep3(page: Page, email: string): Promise<void> {
  await page.getByLabel("Your name").fill("Thandi Mbeki");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL("**/start/doctor");
}

test("an owner opens a clinic without JavaScript, and its page says it is not bookable yet", async () => {
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  await toStep2(page, "Ubuntu Family Practice", "ubuntu-family");
  await toStep3(page, "thandi@ubuntu.example");
  await page.getByLabel("Name").fill("Dr Mokoena");
  await page.getByRole("button", { name: "Create the clinic" }).click();
  await page.waitForURL("**/start/ready");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Ubuntu Family Practice is set up");
  expect(await page.getByRole("link", { name: "Go to the portal" }).getAttribute("href")).toBe(
    `${hosts.clinic("ubuntu-family")}/portal`,
  );
  await page.goto(`${hosts.clinic("ubuntu-family")}/`);
  expect(await page.textContent("main")).toContain("Online booking is not open yet");
  expect(await page.getByRole("link", { name: "Book a visit" }).count()).toBe(0);
  await page.goto(`${hosts.clinic("ubuntu-family")}/book`);
  expect(await page.textContent("main")).toContain("Online booking is not open yet");
  await context.close();
});

test("a taken address offers three that are free, and pressing one takes it", async () => {
  const { page, context } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
  await page.goto(`${hosts.apex}/start`);
  await page.getByLabel("Clinic name").fill("Sunrise Dental");
  await page.getByLabel("Web address").fill("sunrise");
  await page.getByRole("button", { name: "Continue" }).click();
  expect(await page.title()).toMatch(/^Error: /);
  expect(await page.getByLabel("Clinic name").inputValue()).toBe("Sunrise Dental");
  const ideas = page.locator('button[name="idea"]');
  expect(await ideas.count()).toBe(3);
  await ideas.first().click();
  await page.waitForURL("**/start/you");
  expect(await page.textContent("main")).toContain("Sunrise Dental");
  await context.close();
});

test("a weak password is explained, and going back finds everything typed but the password", async () => {
  const { page, context } = await openPage(browser);
  await toStep2(page, "Karoo Clinic", "karoo-clinic-e2e");
  await page.getByLabel("Your name").fill("Anna Botha");
  await page.getByLabel("Email").fill("anna@karoo.example");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Continue" }).click();
  expect(await page.getByRole("alert").textContent()).toContain("at least 15 characters");
  expect(await page.getByLabel("Email").inputValue()).toBe("anna@karoo.example");
  expect(await page.getByLabel("Password").inputValue()).toBe("");
  await toStep3(page, "anna@karoo.example");
  await page.getByRole("link", { name: "Back" }).click();
  await page.waitForURL("**/start/you");
  expect(await page.getByLabel("Your name").inputValue()).toBe("Thandi Mbeki");
  expect(await page.content()).not.toContain(PASSWORD);
  await context.close();
});

test("the steps cannot be entered in the middle", async () => {
  const { page, context } = await openPage(browser);
  for (const step of ["you", "doctor", "ready"]) {
    await page.goto(`${hosts.apex}/start/${step}`);
    expect(new URL(page.url()).pathname).toBe("/start");
  }
  await context.close();
});

test("the address is proposed and checked while typing", async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(`${hosts.apex}/start`);
  await page.getByLabel("Clinic name").pressSequentially("Café Road Clinic");
  await page.getByText("This address is free").waitFor();
  await picture(page, "apex-sign-up-phone");
  expect(await page.getByLabel("Web address").inputValue()).toBe("cafe-road");
  await page.getByLabel("Web address").fill("sunrise");
  await page.getByText("This one is not free.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("every page, at every size, in the light and in the dark: axe finds nothing and nothing sticks out", async () => {
  const { page, context, complaints } = await openPage(browser);
  const found: Record<string, string[]> = {};
  const look = async (screen: string, shown = false) => {
    const trouble = await troubleIn(page, shown ? (at) => picture(page, `apex-${screen}-${at}`) : undefined);
    if (trouble.length > 0) found[screen] = trouble;
  };
  await page.goto(`${hosts.apex}/`);
  await look("landing", true);
  for (const path of ["/find", "/find?q=nobody", "/help", "/clinic-sign-in", "/missing", "/start"]) {
    await page.goto(hosts.apex + path);
    await look(path);
  }
  await page.getByRole("button", { name: "Continue" }).click();
  await look("start with errors");
  await toStep2(page, "Looks Clinic", "looks-clinic");
  await look("you");
  await page.getByRole("button", { name: "Continue" }).click();
  await look("you with errors");
  await toStep3(page, "looks@example.com");
  await look("doctor");
  await page.getByRole("button", { name: "Skip for now" }).click();
  await page.waitForURL("**/start/ready");
  await look("ready");
  expect(found).toEqual({});
  expect(complaints).toEqual([]);
  await context.close();
}, 180_000);

test("a clinic is found by its name and leads to its own host", async () => {
  const { page, context } = await openPage(browser);
  await page.goto(`${hosts.apex}/`);
  await page.getByLabel("Clinic’s name").fill("sunr");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: /Sunrise Clinic/ }).click();
  await page.waitForURL(`${hosts.clinic("sunrise")}/`);
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Sunrise Clinic");
  await context.close();
});
