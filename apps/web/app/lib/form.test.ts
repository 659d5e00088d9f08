import { expect, test } from "vitest";
import { field, keyFor, newFormKey } from "./form.ts";

test("a field is its text without the blanks around it", () => {
  const form = new FormData();
  form.set("name", "  Lerato Dube ");
  form.set("file", new Blob(["x"]));
  expect(field(form, "name")).toBe("Lerato Dube");
  expect(field(form, "file")).toBe("");
  expect(field(form, "missing")).toBe("");
});

test("pressing twice is one request, choosing again is another", () => {
  const key = newFormKey();
  expect(keyFor(key, "any", "10:00")).toBe(keyFor(key, "any", "10:00"));
  expect(keyFor(key, "any", "10:00")).not.toBe(keyFor(key, "any", "10:20"));
});

test("a key that is not ours is replaced", () => {
  expect(keyFor("short", "book")).toMatch(/^[0-9a-f-]{36}\.book$/);
});
