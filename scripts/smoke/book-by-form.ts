import assert from "node:assert/strict";
import type { Clinic } from "./open-clinic.ts";
import { hiddenFields, tagsIn } from "./pages.ts";

/** Books and cancels with plain forms, as a browser without JavaScript does. Answers with the booking's page. */
export async function bookByForm(clinic: Clinic, serviceId: string, email: string): Promise<string> {
  const { patient } = clinic;
  const choose = `/book/${serviceId}/any`;
  const page = await patient.get(choose);
  assert.equal(page.status, 200);
  const radios = tagsIn(page.html, "input").filter((input) => input.type === "radio" && input.name === "start");
  const start = radios.at(-1)?.value ?? assert.fail("the page offers no time");

  const held = await patient.post(choose, { ...hiddenFields(page.html), start });
  const details = pathOf(held.location, /^\/hold\/[\w-]+\/details$/);
  const form = await patient.get(details);
  assert.equal(form.status, 200);
  const booked = await patient.post(details, { ...hiddenFields(form.html), name: "Form Patient", email });
  const own = pathOf(booked.location, /^\/b\/[\w-]+$/);

  const shown = await patient.get(own);
  assert.equal(shown.status, 200);
  assert.match(shown.html, /You are booked/);
  return own;
}

/** Presses "Yes, cancel it". */
export async function cancelByForm(clinic: Clinic, own: string): Promise<void> {
  const asked = await clinic.patient.get(`${own}/cancel`);
  assert.equal(asked.status, 200);
  const cancelled = await clinic.patient.post(`${own}/cancel`, hiddenFields(asked.html));
  pathOf(cancelled.location, /^\/b\/[\w-]+$/);
}

function pathOf(location: string | null, shape: RegExp): string {
  const path = new URL(location ?? "", "http://clinic").pathname;
  assert.match(path, shape);
  return path;
}
