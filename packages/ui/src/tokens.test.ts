import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

type Theme = "light" | "dark";
const tokens = new Map<string, Record<Theme, string>>();
for (const [, name, light, dark] of css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g))
  if (name && light && dark) tokens.set(name, { light, dark });
for (const [, name, both] of css.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g))
  if (name && both) tokens.set(name, { light: both, dark: both });

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one: string, other: string, theme: Theme): number {
  const [a, b] = [one, other].map((name) => {
    const token = tokens.get(name);
    if (!token) throw new Error(`no colour token --${name}`);
    return luminance(token[theme]);
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const GROUNDS = ["surface", "raised", "sunken"];
const WORDS = ["text", "muted", "brand", "success", "warning", "danger", "info"];
const FAMILIES = ["grey", "amber", "blue", "teal", "magenta", "ink", "vermilion"];

const words: [string, string][] = [
  ...WORDS.flatMap((word) => GROUNDS.map((ground): [string, string] => [word, ground])),
  ...["brand", "success", "warning", "danger", "info"].map((name): [string, string] => [name, `${name}-soft`]),
  ["on-brand", "brand"],
  ["on-brand", "brand-strong"],
  ["on-danger", "danger"],
  ["on-accent", "accent"],
  ["on-band", "band"],
  ["on-band-muted", "band"],
  ["muted", "grey-soft"],
];

describe.each(["light", "dark"] as const)("colours in the %s", (theme) => {
  test.each(words)("%s is readable on %s", (word, ground) => {
    expect(ratio(word, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(FAMILIES)("the word of %s is very readable and its bar is seen", (family) => {
    expect(ratio(`${family}-word`, `${family}-soft`, theme)).toBeGreaterThanOrEqual(7.4);
    expect(ratio(`${family}-bar`, `${family}-soft`, theme)).toBeGreaterThanOrEqual(3);
    expect(ratio(`${family}-bar`, "surface", theme)).toBeGreaterThanOrEqual(3);
  });

  test.each(GROUNDS)("edges of inputs and the focus ring are seen on %s", (ground) => {
    expect(ratio("border-strong", ground, theme)).toBeGreaterThanOrEqual(3);
    expect(ratio("focus", ground, theme)).toBeGreaterThanOrEqual(3);
  });
});
