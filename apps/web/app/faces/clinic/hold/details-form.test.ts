import { expect, test } from "vitest";
import { detailsErrors, detailsInput, emptyDetails, readDetails } from "./details-form.ts";

const errorsOf = (over: Partial<typeof emptyDetails>) =>
  detailsErrors({ ...emptyDetails, name: "Lerato Dube", ...over }).map((error) => error.id);

test("a name and one way to reach the person are enough", () => {
  expect(errorsOf({ phone: "082 123 4567" })).toEqual([]);
  expect(errorsOf({ email: "lerato@example.com" })).toEqual([]);
});

test("each missing or odd part is named once, by its field", () => {
  expect(errorsOf({ name: "" })).toEqual(["name", "phone"]);
  expect(errorsOf({ phone: "12" })).toEqual(["phone"]);
  expect(errorsOf({ email: "lerato" })).toEqual(["email"]);
});

test("what is typed is kept as typed, and empty parts are not sent", () => {
  const form = new FormData();
  form.set("name", "Lerato");
  form.set("phone", "+27 82 123 4567");
  const details = readDetails(form);
  expect(details.phone).toBe("+27 82 123 4567");
  expect(detailsInput(details)).toEqual({ name: "Lerato", phone: "+27 82 123 4567" });
});
