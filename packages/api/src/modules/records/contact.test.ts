import { describe, expect, test } from "vitest";
import { checkEmail, checkPhone } from "./contact.ts";
import { contactMissing, hasContact, patientFields } from "./patient.schema.ts";
import { z } from "zod";

describe("a phone number", () => {
  test.each([
    ["082 123 4567", "+27821234567"],
    ["0821234567", "+27821234567"],
    [" (082) 123-4567 ", "+27821234567"],
    ["+27 82 123 4567", "+27821234567"],
    ["+27 (0)82 123 4567", "+27821234567"],
    ["+27 082 123 4567", "+27821234567"],
    ["27821234567", "+27821234567"],
    ["0027 82 123 4567", "+27821234567"],
    ["011 555 0199", "+27115550199"],
    ["+44 20 7946 0958", "+442079460958"],
  ])("%s is understood", (raw, value) => {
    expect(checkPhone(raw)).toEqual({ ok: true, value });
  });

  test.each([
    "12",
    "082 123 456",
    "082 123 45678",
    "+27 92 123 456",
    "hello",
    "+0 12 345 678",
    "0821234567x",
    "+1234567890123456",
  ])("%s is answered with an example", (raw) => {
    expect(checkPhone(raw)).toEqual({ ok: false, message: "Enter a cell number, like 082 123 4567" });
  });
});

describe("an email address", () => {
  test("is lower-cased and trimmed", () => {
    expect(checkEmail("  Lerato.Dube@Example.CO.ZA ")).toEqual({ ok: true, value: "lerato.dube@example.co.za" });
  });

  test.each([
    "lerato",
    "lerato@",
    "@example.com",
    "a b@example.com",
    "a@b",
    "a@b..com",
    "a@exa mple.com",
    "<a@b.com>",
    `${"a".repeat(65)}@b.com`,
  ])("%s is answered with an example", (raw) => {
    expect(checkEmail(raw).ok).toBe(false);
  });
});

describe("what a guest types", () => {
  const schema = z.strictObject(patientFields).refine(hasContact, contactMissing);

  test("one way to reach them is enough and empty fields count as left out", () => {
    expect(schema.parse({ name: " Lerato  Dube ", email: "", phone: "0821234567", reason: " " })).toEqual({
      name: "Lerato Dube",
      email: undefined,
      phone: "+27821234567",
      reason: undefined,
    });
  });

  test("no way to reach them is a sentence on the phone field", () => {
    const result = schema.safeParse({ name: "Lerato" });
    expect(result.error?.issues[0]).toMatchObject({
      message: "Enter a cell number or an email address",
      path: ["phone"],
    });
  });

  test("line breaks cannot ride in a name", () => {
    expect(schema.parse({ name: "Lerato\r\nBcc: x@y.z", phone: "0821234567" }).name).toBe("Lerato Bcc: x@y.z");
  });

  test("fields nobody asked for are refused", () => {
    expect(schema.safeParse({ name: "Lerato", phone: "0821234567", clinicId: "x" }).success).toBe(false);
  });
});
