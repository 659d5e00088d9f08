import { describe, expect, test } from "vitest";
import { handOver } from "./move.repo.ts";

const held = (...resources: string[]) => resources.map((resourceId) => ({ id: `row of ${resourceId}`, resourceId }));
const wanted = (...ids: string[]) => ids.map((id) => ({ id }));

describe("a booking's rows when it goes elsewhere", () => {
  test("stay with the resources that stay, in whatever order they are named", () => {
    const { kept, added, dropped } = handOver(held("doctor", "room"), wanted("room", "doctor"));
    expect(new Map(kept.map(({ id, resource }) => [resource.id, id]))).toEqual(
      new Map([
        ["doctor", "row of doctor"],
        ["room", "row of room"],
      ]),
    );
    expect([added, dropped]).toEqual([[], []]);
  });

  test("are handed to the new resources, and made or dropped where there are more or fewer", () => {
    expect(handOver(held("doctor", "room"), wanted("doctor", "other room"))).toEqual({
      kept: [
        { id: "row of doctor", resource: { id: "doctor" } },
        { id: "row of room", resource: { id: "other room" } },
      ],
      added: [],
      dropped: [],
    });
    expect(handOver(held("doctor"), wanted("doctor", "room")).added).toEqual([{ id: "room" }]);
    expect(handOver(held("doctor", "room", "laser"), wanted("doctor")).dropped).toEqual([
      "row of room",
      "row of laser",
    ]);
    expect(handOver([], wanted("doctor")).added).toEqual([{ id: "doctor" }]);
  });
});
