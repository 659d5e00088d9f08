import { expect, it } from "vitest";
import { accountId, bookingId, clinicId, patientId, practitionerId, resourceId, serviceId } from "./ids.ts";

it("ids keep their text and only change their type", () => {
  for (const brand of [accountId, bookingId, clinicId, patientId, practitionerId, resourceId, serviceId]) {
    expect(brand("0190b2f0-0000-7000-8000-000000000000")).toBe("0190b2f0-0000-7000-8000-000000000000");
  }
});
