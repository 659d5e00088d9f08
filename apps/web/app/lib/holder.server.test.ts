import { expect, test } from "vitest";
import { holderCookie, holderOf, readHolder } from "./holder.server.ts";

const mark = "AbCdEfGhIjKlMnOpQrSt-_";
const ctx = (scheme: "http" | "https") => {
  const set: string[] = [];
  return { set, s: { env: { scheme } } as never, setCookie: (value: string) => set.push(value) };
};
const asked = (cookie?: string) => new Request("http://x.example/", cookie ? { headers: { cookie } } : {});

test("a browser without a mark gets one of 132 bits, and keeps it", () => {
  const first = ctx("http");
  const holder = holderOf(asked(), first);
  expect(holder).toMatch(/^[\w-]{22}$/);
  expect(first.set).toEqual([holderCookie(holder, "http")]);
  expect(holderOf(asked(`a=b; pc_holder=${holder}`), ctx("http"))).toBe(holder);
  expect(holderOf(asked(), ctx("http"))).not.toBe(holder);
});

test("with TLS the mark is host-only, secure and out of reach of scripts", () => {
  const cookie = holderCookie(mark, "https");
  expect(cookie).toBe(`__Host-pc_holder=${mark}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure`);
  expect(readHolder(`pc_holder=${mark}`, "https")).toBeNull();
});

test.each([
  ["nothing", null],
  ["another length", "pc_holder=short"],
  ["two of the name", `pc_holder=${mark}; pc_holder=${mark}`],
  ["a name that only ends like it", `xpc_holder=${mark}`],
])("%s counts as no mark", (_what, header) => {
  expect(readHolder(header, "http")).toBeNull();
});
