import type { Page } from "playwright-core";
import { hosts, pulse } from "../support/browser.ts";
import { ask, someAddress } from "../support/http.ts";

/** Signs in as the demo platform admin. */
export async function signInToConsole(page: Page, path = "/"): Promise<void> {
  await page.goto(`${hosts.console}${path}`);
  await page.getByLabel("Email").fill(pulse.adminLogin.email);
  await page.getByLabel("Password").fill(pulse.adminLogin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** A clinic signs up through the public API, somewhere else in the world. */
export async function signUpClinic(clinicName: string, slug: string): Promise<void> {
  const email = `thandi@${slug}.example`;
  const json = {
    clinicName,
    slug,
    name: "Thandi Mbeki",
    email,
    password: "moss kettle lantern nine",
    key: crypto.randomUUID(),
  };
  const answer = await ask(`${hosts.apex}/trpc/public.signUp.start`, {
    from: someAddress(),
    method: "POST",
    headers: { "content-type": "application/json", origin: hosts.apex },
    body: JSON.stringify({ json }),
  });
  if (answer.status !== 200) throw new Error(`sign-up answered ${answer.status}: ${answer.body.toString()}`);
}
