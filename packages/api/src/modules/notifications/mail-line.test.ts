import { expect, test } from "vitest";
import { isMailAddress, mailLine } from "./mail-line.ts";

test("a name cannot start a new header, however its line break is written", () => {
  for (const mark of ["\r\n", "\n", "\r", "\u2028", "\u0085", "\0", "\v"]) {
    expect(mailLine(`Thandi${mark}Bcc: all@example.org`)).toBe("Thandi Bcc: all@example.org");
  }
});

test("marks that reorder text are left out, letters of all languages stay", () => {
  expect(mailLine("abc\u202Egpj.exe")).toBe("abc gpj.exe");
  expect(mailLine("Zoë ’n Müller 李")).toBe("Zoë ’n Müller 李");
});

test("a clinic's name cannot carry a link", () => {
  expect(mailLine("You won! https://evil.example/x")).toBe("You won! evil.example/x");
});

test("a long name is cut between letters, not inside one", () => {
  expect(mailLine("😀".repeat(10), 3)).toBe("😀😀😀");
});

test("an address is exactly one mailbox", () => {
  for (const good of ["a@b.co", "pat.o'neil+x@clinic.example", "owner@sunrise.demo"])
    expect(isMailAddress(good)).toBe(true);
  for (const bad of [
    "a@b.co,c@d.co",
    "a@b.co\r\nBcc: c@d.co",
    "<a@b.co>",
    "a b@c.co",
    "a@b",
    "@b.co",
    `${"a".repeat(250)}@b.co`,
  ]) {
    expect(isMailAddress(bad)).toBe(false);
  }
});
