import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeClinic } from "@pulsecal/db/testing";
import { getHours, saveHours } from "../../scheduling/hours.ts";
import { bookTime } from "../take/book-time.ts";
import { cancelBooking } from "../change/cancel-booking.ts";
import {
  addDoctor,
  at,
  bookInput,
  type BookingWorld,
  bookingWorld,
  dayAt,
  type GuestWork,
  guestOf,
  outcome,
} from "../testing/booking-world.ts";
import type { TimesMessage } from "./times-room.ts";
import { openRooms, watchTimes } from "./watch-times.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await bookingWorld();
});
afterAll(() => world.close());

/** A watcher whose messages are taken one by one; `next` waits for the message, never for a time. */
function watcher(work: GuestWork, input: { serviceId: string; who: string; date: string }) {
  const stop = new AbortController();
  const items = watchTimes(work, input, stop.signal);
  return {
    async next(): Promise<TimesMessage & { id: string }> {
      const { value } = await items.next();
      if (!value) throw new Error("the room has ended");
      return { id: value[0], ...value[1] };
    },
    leave: async () => {
      stop.abort();
      await items.return();
    },
  };
}

const minutesLater = (start: Date, minutes: number) => new Date(start.getTime() + minutes * 60_000).toISOString();

describe("watching a day's times", () => {
  test("begins with the whole day, then tells what was taken and what came back", async () => {
    const { work, clinic } = world;
    const watch = watcher(work, { serviceId: clinic.serviceId, who: "any", date: dayAt(3) });
    const first = await watch.next();
    expect(first).toMatchObject({ kind: "snapshot", date: dayAt(3), taken: [], count: 27 });
    expect(first.free).toHaveLength(27);
    const start = at(3, "10:00");
    const { token } = await bookTime(work, bookInput(clinic, start));
    expect(await watch.next()).toMatchObject({ kind: "delta", taken: [start.toISOString()], free: [], count: 26 });
    await cancelBooking(work, "patient", { token, key: randomUUID() });
    expect(await watch.next()).toMatchObject({ kind: "delta", taken: [], free: [start.toISOString()], count: 27 });
    await watch.leave();
    expect(openRooms(work.s)).toBe(0);
  });

  test("is shared: all who watch one day get the same message, and the room ends with the last of them", async () => {
    const { work, clinic } = world;
    const input = { serviceId: clinic.serviceId, who: clinic.practitionerId, date: dayAt(4) };
    const [one, two] = [watcher(work, input), watcher(work, input)];
    await Promise.all([one.next(), two.next()]);
    expect(openRooms(work.s)).toBe(1);
    await bookTime(work, bookInput(clinic, at(4, "10:00")));
    const [left, right] = await Promise.all([one.next(), two.next()]);
    expect(left).toEqual(right);
    await one.leave();
    const late = watcher(work, input);
    expect(await late.next()).toMatchObject({ kind: "snapshot", count: 26, id: left.id });
    await two.leave();
    expect(openRooms(work.s)).toBe(1);
    await late.leave();
    expect(openRooms(work.s)).toBe(0);
  });

  test("says nothing about other days, other clinics, or a time that another doctor still has", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t);
    const second = await addDoctor(t, clinic, "Dr Naidoo", 1);
    const work = guestOf(s, clinic);
    const watch = watcher(work, { serviceId: clinic.serviceId, who: "any", date: dayAt(3) });
    await watch.next();
    await bookTime(world.work, bookInput(world.clinic, at(3, "12:00")));
    await bookTime(work, bookInput(clinic, at(5, "12:00")));
    await bookTime(work, bookInput(clinic, at(3, "12:00")));
    await bookTime(work, bookInput(clinic, at(3, "12:00"), { who: second }));
    expect(await watch.next()).toMatchObject({ kind: "delta", taken: [at(3, "12:00").toISOString()], count: 26 });
    await watch.leave();
  });

  test("hears what another doctor's booking does to a limit of the service", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t);
    const second = await addDoctor(t, clinic, "Dr Naidoo", 1);
    await t.admin("UPDATE app.service SET day_count = 1 WHERE clinic_id = $1", [clinic.clinicId]);
    const work = guestOf(s, clinic);
    const watch = watcher(work, { serviceId: clinic.serviceId, who: second, date: dayAt(3) });
    expect((await watch.next()).count).toBe(27);
    const { token } = await bookTime(work, bookInput(clinic, at(3, "12:00")));
    expect(await watch.next()).toMatchObject({ kind: "delta", count: 0 });
    await cancelBooking(work, "patient", { token, key: randomUUID() });
    expect(await watch.next()).toMatchObject({ kind: "delta", count: 27 });
    await watch.leave();
  });

  test("follows new hours", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t, { hours: { from: 480, to: 540 } });
    const work = guestOf(s, clinic);
    const watch = watcher(work, { serviceId: clinic.serviceId, who: clinic.practitionerId, date: dayAt(6) });
    expect((await watch.next()).count).toBe(3);
    const { version } = await getHours(work, clinic.practitionerId);
    const weekly = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, from: 500, to: 560 }));
    await saveHours(work, { practitionerId: clinic.practitionerId, weekly, overrides: [], version, key: randomUUID() });
    const eight = at(6, "08:00");
    expect(await watch.next()).toMatchObject({
      taken: [eight.toISOString()],
      free: [minutesLater(eight, 60)],
      count: 3,
    });
    await watch.leave();
  });

  test("a burst of bookings ends in the true state, with few messages", async () => {
    const { t, s } = world;
    const clinic = await makeClinic(t);
    const work = guestOf(s, clinic);
    const watch = watcher(work, { serviceId: clinic.serviceId, who: "any", date: dayAt(7) });
    const free = new Set((await watch.next()).free);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        bookTime(work, bookInput(clinic, new Date(at(7, "08:00").getTime() + index * 20 * 60_000))),
      ),
    );
    let messages = 0;
    for (let count = 27; count > 7; messages += 1) {
      const delta = await watch.next();
      for (const time of delta.taken) free.delete(time);
      for (const time of delta.free) free.add(time);
      count = delta.count;
      expect(free.size).toBe(count);
    }
    expect(messages).toBeLessThanOrEqual(20);
    await watch.leave();
  });

  test("of one clinic, as often as anybody likes, leaves room for those of others", async () => {
    const { t, s } = world;
    const [clinic, other] = [await makeClinic(t), await makeClinic(t)];
    const input = { serviceId: clinic.serviceId, who: "any" };
    const work = guestOf(s, clinic);
    const watches = Array.from({ length: 500 }, (_, day) => watcher(work, { ...input, date: dayAt(day) }));
    await Promise.all(watches.map((one) => one.next()));
    const oneMore = watcher(work, { ...input, who: clinic.practitionerId, date: dayAt(3) });
    expect(await outcome(oneMore.next())).toBe("unavailable");
    const elsewhere = watcher(guestOf(s, other), { serviceId: other.serviceId, who: "any", date: dayAt(3) });
    expect(await elsewhere.next()).toMatchObject({ kind: "snapshot", count: 27 });
    await Promise.all([...watches, elsewhere].map((one) => one.leave()));
    expect(openRooms(s)).toBe(0);
  });

  test("of another clinic's service is not found, like a random one", async () => {
    const { t, s, clinic } = world;
    const other = guestOf(s, await makeClinic(t));
    for (const serviceId of [clinic.serviceId, randomUUID()]) {
      expect(await outcome(watcher(other, { serviceId, who: "any", date: dayAt(3) }).next())).toBe("not_found");
    }
    expect(
      await outcome(watcher(world.work, { serviceId: clinic.serviceId, who: "any", date: "2149-01-01" }).next()),
    ).toBe("invalid");
    expect(openRooms(s)).toBe(0);
  });
});
