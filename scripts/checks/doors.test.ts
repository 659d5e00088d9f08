import { describe, expect, it } from "vitest";
import { strayDoors } from "./doors.ts";

describe("the door check", () => {
  it("finds a route that opens a door across clinics", () => {
    expect(strayDoors([{ path: "apps/web/app/x.ts", text: "await s.db.withSystem('x', fn)" }])).toEqual([
      "apps/web/app/x.ts opens withSystem",
    ]);
  });

  it("lets the relay read events of all clinics", () => {
    expect(strayDoors([{ path: "packages/api/src/jobs/relay.ts", text: "db.withSystem('relay', fn)" }])).toEqual([]);
  });

  it("does not mind the tenant door anywhere", () => {
    expect(
      strayDoors([
        { path: "packages/api/src/modules/booking/book.ts", text: "db.withTx(ctx, fn); db.withTenant(ctx, fn)" },
      ]),
    ).toEqual([]);
  });
});
