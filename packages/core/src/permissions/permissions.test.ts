import { describe, expect, it } from "vitest";
import { can, clinicRoles, permissions, platformRoles } from "./permissions.ts";

describe("the permission table", () => {
  it("gives the owner everything of the clinic but what belongs to a patient's care", () => {
    const platform = ["platform.", "clinic.approve", "clinic.suspend", "record."];
    for (const p of permissions.filter((name) => !platform.some((prefix) => name.startsWith(prefix)))) {
      expect([p, can("owner", p)]).toEqual([p, true]);
    }
    expect(can("owner", "record.read")).toBe(false);
    expect(can("practitioner", "record.read")).toBe(true);
  });

  it("keeps clinic and platform apart: nobody of one side holds what the other decides", () => {
    for (const role of clinicRoles)
      for (const p of ["platform.read", "clinic.approve", "clinic.suspend"] as const) expect(can(role, p)).toBe(false);
    for (const role of platformRoles)
      for (const p of ["booking.read", "patient.read", "record.read", "hours.write"] as const)
        expect(can(role, p)).toBe(false);
  });

  it("lets reception book and cancel, billing see money, and neither change hours", () => {
    expect(can("reception", "booking.cancel")).toBe(true);
    expect(can("billing", "booking.cancel")).toBe(false);
    expect(can("billing", "payment.read")).toBe(true);
    expect(can("reception", "hours.write")).toBe(false);
    expect(can("billing", "hours.write")).toBe(false);
  });

  it("lets support look and only an admin approve", () => {
    expect(can("support", "platform.read")).toBe(true);
    expect(can("support", "clinic.approve")).toBe(false);
    expect(can("admin", "clinic.approve")).toBe(true);
  });

  it("gives every permission to somebody", () => {
    for (const p of permissions) expect([...clinicRoles, ...platformRoles].some((role) => can(role, p))).toBe(true);
  });
});
