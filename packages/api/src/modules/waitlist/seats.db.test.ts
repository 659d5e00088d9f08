import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  addService,
  at,
  type BookingWorld,
  bookingWorld,
  bookInput,
  outcome,
} from "../booking/testing/booking-world.ts";
import { type WaitlistWorld, waitlistWorld } from "./testing/waitlist-world.ts";

let base: BookingWorld;
let w: WaitlistWorld;

beforeAll(async () => {
  base = await bookingWorld();
});
afterAll(() => base.close());
beforeEach(async () => {
  w = await waitlistWorld(base);
  await w.t.admin("UPDATE app.service SET seats = 2 WHERE id = $1", [w.clinic.serviceId]);
});

const key = () => randomUUID();
const start = at(2, "10:00");
const cancel = (token: string) => w.guest.patient.booking.cancel({ token, key: key() });
const book = () => w.guest.public.booking.book(bookInput(w.clinic, start));
const accept = (token: string) => w.guest.patient.waitlist.accept({ token, key: key() });
const fullSession = async () => [await w.book(start), await w.book(start)] as const;

describe("a seat that is given back", () => {
  test("is held for who waits for the session, and becomes their seat", async () => {
    const [first] = await fullSession();
    const { token } = await w.join("Thandi");
    await w.work();
    await cancel(first.token);
    await w.work();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    expect((await w.staff.staff.waitlist.list()).gaps).toMatchObject([{ start, offer: { name: "Thandi" } }]);
    expect(await outcome(book())).toBe("slot_taken");
    const accepted = await accept(token);
    expect(await w.guest.patient.booking.get({ token: accepted.token })).toMatchObject({
      state: "confirmed",
      seat: { no: 1, of: 2 },
    });
    expect((await w.staff.staff.waitlist.list()).gaps).toEqual([]);
  });

  test("is anybody's again once nobody takes it", async () => {
    const [first] = await fullSession();
    const { token } = await w.join("Thandi");
    await cancel(first.token);
    await w.work();
    await w.guest.patient.waitlist.decline({ token, key: key() });
    await w.work();
    expect(await outcome(book())).toBe("ok");
    const [session] = await w.t.admin("SELECT taken FROM app.group_session WHERE clinic_id = $1", [w.clinic.clinicId]);
    expect(session).toEqual({ taken: 2 });
  });

  test("goes on to the next seat when one is taken: two seats, two who wait, one after the other", async () => {
    const [first, second] = await fullSession();
    const thandi = await w.join("Thandi", { since: 9 });
    const sipho = await w.join("Sipho", { since: 3 });
    await cancel(first.token);
    await w.work();
    await cancel(second.token);
    await w.work();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    await accept(thandi.token);
    await w.work();
    expect(await w.log()).toEqual([
      ["Thandi", "accepted"],
      ["Sipho", "live"],
    ]);
    await accept(sipho.token);
    await w.work();
    expect(await outcome(book())).toBe("slot_taken");
    expect((await w.staff.staff.waitlist.list()).gaps).toEqual([]);
  });

  test("suits nobody who waits for a visit of their own", async () => {
    const [first] = await fullSession();
    const alone = await addService(w.t, w.clinic, 20);
    await w.join("Thandi", { serviceId: alone });
    await cancel(first.token);
    await w.work();
    expect(await w.log()).toEqual([]);
    expect((await w.staff.staff.waitlist.list()).gaps).toEqual([]);
    expect(await outcome(book())).toBe("ok");
  });

  test("is the last of its session: the time is free for whoever waits, of either kind", async () => {
    const only = await w.book(start);
    const alone = await addService(w.t, w.clinic, 20);
    await w.join("Sipho", { since: 3 });
    await w.join("Thandi", { since: 9, serviceId: alone });
    await cancel(only.token);
    await w.work();
    expect(await w.log()).toEqual([["Thandi", "live"]]);
    await w.runOut();
    await w.work();
    expect(await w.log()).toEqual([
      ["Thandi", "expired"],
      ["Sipho", "live"],
    ]);
  });
});
