import { expect, test } from "vitest";
import { wishOf } from "./keys.ts";

const press = (key: string, held: Partial<Record<"shiftKey" | "ctrlKey" | "altKey" | "metaKey", boolean>> = {}) =>
  wishOf({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held });

test("keys of the grid are read", () => {
  expect(press("ArrowDown")).toEqual({ step: "down" });
  expect(press("PageUp")).toEqual({ step: "pageUp" });
  expect(press("Home", { ctrlKey: true })).toEqual({ step: "first" });
  expect(press("m")).toEqual({ act: "move" });
  expect(press("E")).toEqual({ act: "explain" });
  expect(press("F10", { shiftKey: true })).toEqual({ act: "menu" });
  expect(press("ContextMenu")).toEqual({ act: "menu" });
});

test("keys of the browser and of screen readers are left alone", () => {
  expect(press("r", { ctrlKey: true })).toBeNull();
  expect(press("t", { metaKey: true })).toBeNull();
  expect(press("ArrowLeft", { altKey: true })).toBeNull();
  expect(press("F10")).toBeNull();
  expect(press("Enter")).toBeNull();
  expect(press("x")).toBeNull();
});
