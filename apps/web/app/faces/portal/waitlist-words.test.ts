import { expect, test } from "vitest";
import { waitedText, windowsOf, wishText } from "./waitlist-words.ts";

const zone = "Africa/Johannesburg";
const anyTime = { canCome: [], notBefore: null, notAfter: null, who: null };

test("when somebody can come reads as people say it", () => {
  expect(wishText(anyTime, zone)).toBe("any doctor, any time");
  expect(wishText({ ...anyTime, canCome: windowsOf(["morning"]) }, zone)).toBe("any doctor, mornings");
  const monday = [
    { weekday: 1, from: 480, to: 600 },
    { weekday: 3, from: 480, to: 600 },
  ];
  expect(wishText({ ...anyTime, who: "Dr Mokoena", canCome: monday, notBefore: "2026-12-01" }, zone)).toBe(
    "Dr Mokoena, Mon, Wed 08:00 to 10:00, from Tue 1 Dec",
  );
});

test("both halves of the day, or none, is any time", () => {
  expect(windowsOf([])).toEqual([]);
  expect(windowsOf(["morning", "afternoon"])).toEqual([]);
  expect(windowsOf(["afternoon"])).toHaveLength(7);
});

test("waiting is told in whole days", () => {
  expect([0, 1, 9].map(waitedText)).toEqual(["since today", "1 day", "9 days"]);
});
