import { expect, test } from "vitest";
import { type Letter, renderLetter } from "./letter.ts";

const letter: Letter = {
  preview: "Tue 24 Nov, 10:30 with Dr Mokoena",
  from: "Sunrise Clinic",
  title: "You are booked.",
  lead: ["Tue 24 Nov, 10:30 with Dr Mokoena."],
  facts: [["Where", "1 Long Street"]],
  action: { text: "See or cancel your visit", href: "http://sunrise.pulsecal.example/b/x7Qk?a=1&b=2" },
  after: ["You can cancel online until Tue 24 Nov, 08:30."],
  foot: ["You get this because you booked at Sunrise Clinic."],
};

test("HTML and plain text say the same", async () => {
  const { html, text } = await renderLetter(letter);
  for (const words of [
    "You are booked.",
    "Tue 24 Nov, 10:30 with Dr Mokoena.",
    "1 Long Street",
    "See or cancel your visit",
    "08:30",
  ]) {
    expect(html).toContain(words);
    expect(text).toContain(words);
  }
  expect(text).toContain("http://sunrise.pulsecal.example/b/x7Qk?a=1&b=2");
  expect(html).toContain('href="http://sunrise.pulsecal.example/b/x7Qk?a=1&amp;b=2"');
  expect(text).toMatch(/^Sunrise Clinic\n\nYou are booked\.\n/);
});

test("words of others are never markup", async () => {
  const { html } = await renderLetter({ ...letter, lead: ["<img src=x onerror=alert(1)>"], from: "{{7*7}} <b>" });
  expect(html).toContain("&lt;img src=x");
  expect(html).not.toContain("<img src=x");
  expect(html).toContain("{{7*7}} &lt;b&gt;");
});
