import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsFor } from "../testing/property.ts";
import { placeOf } from "./place.ts";
import { checkSlug, slugIdeas } from "./slug.ts";

describe("a clinic's web address", () => {
  it("is three to forty small letters, digits and single hyphens", () => {
    expect(checkSlug(" Sunrise ")).toEqual({ ok: true, slug: "sunrise" });
    expect(checkSlug("dr-mokoena-2")).toEqual({ ok: true, slug: "dr-mokoena-2" });
    expect(checkSlug("ab")).toEqual({ ok: false, why: "too_short" });
    expect(checkSlug("a".repeat(41))).toEqual({ ok: false, why: "too_long" });
    for (const bad of ["-sun", "sun-", "sun--rise", "xn--abc", "sün", "sun rise", "sun.rise", "sun_rise", "sun\n123"]) {
      expect(checkSlug(bad)).toEqual({ ok: false, why: "characters" });
    }
  });

  it("is never one of ours", () => {
    for (const ours of [
      "admin",
      "www",
      "api",
      "app",
      "mail",
      "status",
      "help",
      "portal",
      "console",
      "trpc",
      "Pulsecal",
    ]) {
      expect(checkSlug(ours)).toEqual({ ok: false, why: "reserved" });
    }
  });

  it("comes with three free ideas, near the name", () => {
    expect(slugIdeas("Sunrise Clinic", () => false)).toEqual(["sunrise-clinic", "sunrise", "sunrise-clinic-health"]);
    expect(slugIdeas("Dr. Müller's Praxis", () => false)[0]).toBe("dr-mullers-praxis");
    expect(slugIdeas("诊所", () => false)).toHaveLength(3);
    expect(slugIdeas("Admin", () => false)).not.toContain("admin");
    const taken = new Set(["sunrise", "sunrise-clinic", "sunrise-health", "sunrise-care", "my-sunrise", "sunrise-2"]);
    expect(slugIdeas("Sunrise", (slug) => taken.has(slug))).toEqual(["sunrise-3", "sunrise-4", "sunrise-5"]);
    expect(slugIdeas("Sunrise", () => true)).toEqual([]);
  });

  it("every idea is a free and legal address", () => {
    holdsFor(
      "slug ideas are legal and free",
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.array(fc.constantFrom<string>("clinic", "clinic-2", "clinic-health")),
        (name, taken) => {
          const ideas = slugIdeas(name, (slug) => taken.includes(slug));
          expect(new Set(ideas).size).toBe(3);
          for (const idea of ideas) {
            expect(checkSlug(idea)).toEqual({ ok: true, slug: idea });
            expect(taken).not.toContain(idea);
          }
        },
      ),
    );
  });
});

describe("the Host header", () => {
  const base = "pulsecal.localhost";
  it("decides the face", () => {
    expect(placeOf("pulsecal.localhost:3000", base)).toEqual({ face: "apex" });
    expect(placeOf("admin.pulsecal.localhost:3000", base)).toEqual({ face: "console" });
    expect(placeOf("sunrise.pulsecal.localhost", base)).toEqual({ face: "clinic", slug: "sunrise" });
    expect(placeOf("SUNRISE.PulseCal.localhost:3000", base)).toEqual({ face: "clinic", slug: "sunrise" });
    expect(placeOf("sunrise.pulsecal.localhost:80", "pulsecal.localhost:3000")).toEqual({
      face: "clinic",
      slug: "sunrise",
    });
  });

  it("is not ours when anything is odd", () => {
    for (const host of [
      "",
      "localhost:3000",
      "evilpulsecal.localhost",
      "pulsecal.localhost.evil.com",
      "a.sunrise.pulsecal.localhost",
      ".pulsecal.localhost",
      "www.pulsecal.localhost",
      "api.pulsecal.localhost",
      "sunrise.pulsecal.localhost.",
      "sunrise.pulsecal.localhost:99999999",
      "sunrise.pulsecal.localhost/admin",
      "user@sunrise.pulsecal.localhost",
      "[::1]:3000",
      "sun rise.pulsecal.localhost",
      "ab.pulsecal.localhost",
    ]) {
      expect(placeOf(host, base)).toBeNull();
    }
    expect(placeOf("x", "not a host")).toBeNull();
  });
});
