import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { at, type BookingWorld, bookingWorld, outcome } from "../booking/testing/booking-world.ts";
import { type WaitlistWorld, waitlistWorld } from "./testing/waitlist-world.ts";

let base: BookingWorld;
let w: WaitlistWorld;
beforeAll(async () => {
  base = await bookingWorld();
  w = await waitlistWorld(base);
});
afterAll(() => base.close());

test("an open page of one's place hears of its own offer and of its end, and of nobody else's", async () => {
  const [thandi, sipho] = [await w.join("Thandi", { since: 9 }), await w.join("Sipho")];
  const lastEventId = await w.s.bus.cursor(w.clinic.clinicId);
  const open = async ({ token }: { token: string }) =>
    (await w.guest.patient.live.waitlist({ token, lastEventId }))[Symbol.asyncIterator]();
  const pages = { thandi: await open(thandi), sipho: await open(sipho) };
  const typeOf = async (page: AsyncIterator<unknown>) => {
    const { value } = await page.next();
    return (value as [string, { type: string }])[1].type;
  };

  await w.free(at(2, "10:00"));
  expect(await typeOf(pages.thandi)).toBe("waitlist.offered");
  await w.guest.patient.waitlist.decline({ token: thandi.token, key: randomUUID() });
  expect(await typeOf(pages.thandi)).toBe("waitlist.answered");
  await w.work();
  // The first thing Sipho hears is his own offer.
  expect(await typeOf(pages.sipho)).toBe("waitlist.offered");
  expect((await w.guest.patient.waitlist.get({ token: sipho.token })).offer).not.toBeNull();
  for (const page of Object.values(pages)) await page.return?.();
});

test("a link that opens nothing is not found", async () => {
  const told = await w.guest.patient.live.waitlist({ token: "x".repeat(22) });
  expect(await outcome(told[Symbol.asyncIterator]().next())).toBe("not_found");
});
