/** The one script of a clinic's pages. Each part looks for its own mark in the page; without the script all still works. */
import { dayKeys } from "./day-keys.ts";
import { holdTimer } from "./hold-timer.ts";
import { keepOffline } from "./keep-offline.ts";
import { speaker } from "./speak.ts";
import { liveNext } from "./live-next.ts";
import { livePage } from "./live-page.ts";
import { liveTimes } from "./times.ts";

const region = document.querySelector<HTMLElement>("[data-live-region]");
const say = region ? speaker(region) : () => {};

const form = document.querySelector<HTMLFormElement>("[data-live-times]");
if (form) liveTimes(form, say);

const page = document.querySelector<HTMLElement>("[data-live-page]");
if (page?.dataset["livePage"]) livePage(page, say);

const home = document.querySelector<HTMLElement>("[data-next]");
if (home) liveNext(home, say);

const strip = document.querySelector<HTMLElement>("[data-days]");
if (strip) dayKeys(strip);

const hold = document.querySelector<HTMLElement>("[data-hold]");
if (hold) holdTimer(hold, say);

const bar = document.querySelector<HTMLElement>("[data-offline]");
if (bar) keepOffline(bar, say);

if (location.hash === "#times") document.getElementById("times")?.focus();
