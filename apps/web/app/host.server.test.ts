import { describe, expect, test } from "vitest";
import { faceOnClinicHost } from "./host.server.ts";

describe("the faces of a clinic's host", () => {
  test.each([
    ["/", "clinic"],
    ["/book/1/any", "clinic"],
    ["/portal", "portal"],
    ["/portal/agenda", "portal"],
    ["/portal.data", "portal"],
    ["/portal/agenda.data", "portal"],
    ["/portals", "clinic"],
    ["/portal-news", "clinic"],
    ["/_root.data", "clinic"],
    ["/__manifest", "portal"],
    ["/book/portal", "clinic"],
  ] as const)("%s is the %s's", (path, face) => {
    expect(faceOnClinicHost(path)).toBe(face);
  });
});
