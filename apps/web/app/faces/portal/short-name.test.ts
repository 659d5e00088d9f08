import { expect, test } from "vitest";
import { shortName } from "./short-name.ts";

test.each([
  ["Dr Naledi Mokoena", "Mokoena"],
  ["Dr Pieter van Wyk", "van Wyk"],
  ["Sr. Ayesha Khan", "Khan"],
  ["Dr Dube", "Dube"],
  ["Drummond", "Drummond"],
])("%s is %s where there is little room", (name, short) => {
  expect(shortName(name)).toBe(short);
});
