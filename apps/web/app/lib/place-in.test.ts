import { expect, test } from "vitest";
import { placeIn } from "./place-in.ts";

const itemsOf = (...hrefs: string[]) => ({ items: hrefs.map((href) => ({ href })) });
const portal = [itemsOf("/portal", "/portal/agenda"), itemsOf("/portal/settings/hours")];
const console = [itemsOf("/", "/approvals")];

test("a page is marked in the navigation, and so is one under it", () => {
  expect(placeIn(portal, "/portal")).toBe("/portal");
  expect(placeIn(portal, "/portal/")).toBe("/portal");
  expect(placeIn(portal, "/portal/agenda")).toBe("/portal/agenda");
  expect(placeIn(portal, "/portal/agenda/move-day")).toBe("/portal/agenda");
  expect(placeIn(console, "/")).toBe("/");
  expect(placeIn(console, "/approvals")).toBe("/approvals");
});

test("the front page is above everything and is not marked for it", () => {
  expect(placeIn(portal, "/portal/agendas")).toBe("");
  expect(placeIn(portal, "/portal/no-such-page")).toBe("");
  expect(placeIn(console, "/no-such-page")).toBe("");
});
