import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeClinic, type MadeClinic } from "@pulsecal/db/testing";
import { clinicHost, staffCookie, testCaller } from "../../testing/index.ts";
import { at, bookInput, type BookingWorld, bookingWorld, dayAt, outcome } from "./testing/booking-world.ts";

let world: BookingWorld;
let other: MadeClinic;
beforeAll(async () => {
  world = await bookingWorld();
  other = await makeClinic(world.t);
});
afterAll(() => world.close());

const guest = (clinic: MadeClinic, ip = "127.0.0.1") =>
  testCaller(world.s, { host: clinicHost(world.s, clinic.slug), ip });
async function member(clinic: MadeClinic, role: string) {
  const { cookie } = await staffCookie(world.s, world.t, clinic.clinicId, role);
  return testCaller(world.s, { host: clinicHost(world.s, clinic.slug), cookies: cookie });
}

describe("a patient on the clinic's host", () => {
  test("sees what is offered, holds, confirms, reads, saves to a calendar and cancels", async () => {
    const { clinic } = world;
    const call = await guest(clinic);
    const catalog = await call.public.booking.catalog();
    expect(catalog).toEqual({
      services: [
        {
          id: clinic.serviceId,
          name: "Consultation",
          minutes: 20,
          priceCents: 45_000,
          practitionerIds: [clinic.practitionerId],
        },
      ],
      practitioners: [{ id: clinic.practitionerId, name: "Dr Test" }],
    });
    const times = await call.public.booking.times({ serviceId: clinic.serviceId, who: "any", from: dayAt(2) });
    expect(times).toMatchObject({
      zone: "Africa/Johannesburg",
      who: null,
      nextDay: null,
      service: { name: "Consultation" },
    });
    expect(times.days).toHaveLength(7);
    const start = times.days[0]?.times[3]?.start ?? new Date(0);
    const hold = await call.public.booking.hold({ serviceId: clinic.serviceId, who: "any", start, key: randomUUID() });
    expect((await call.public.booking.extendHold({ token: hold.token })).presses).toBe(1);
    const held = await call.patient.booking.get({ token: hold.token });
    expect(held).toMatchObject({ state: "held", patientName: null, cancelUntil: null });
    const view = await call.public.booking.confirm({
      token: hold.token,
      key: randomUUID(),
      name: " Lerato  Dube",
      phone: "082 123 4567",
      email: "",
      reason: "",
    });
    expect(view).toMatchObject({ state: "confirmed", patientName: "Lerato Dube", canCancel: true });
    const { filename, ics } = await call.patient.booking.calendar({ token: hold.token });
    expect(filename).toMatch(/^visit-[a-z0-9]{4}\.ics$/);
    expect(ics).toContain("SUMMARY:Visit at Test Clinic");
    expect(ics).not.toContain("Consultation");
    expect((await call.public.clinic.home()).bookable).toBe(true);
    expect(await call.patient.booking.cancel({ token: hold.token, key: randomUUID() })).toMatchObject({
      state: "cancelled",
      sequence: 1,
    });
    expect((await call.patient.booking.calendar({ token: hold.token })).ics).toContain("STATUS:CANCELLED");
    const again = await call.public.booking.hold({ serviceId: clinic.serviceId, who: "any", start, key: randomUUID() });
    expect(await call.public.booking.releaseHold({ token: again.token })).toEqual({ released: true });
  });

  test("gets a sentence, not a fault, for what cannot be understood", async () => {
    const { clinic } = world;
    const call = await guest(clinic);
    const input = bookInput(clinic, at(3, "10:00"));
    const wrong = [
      { ...input, clinicId: other.clinicId },
      { ...input, state: "confirmed" },
      { ...input, email: undefined },
      { ...input, email: "nobody" },
      { ...input, phone: "12" },
      { ...input, name: " " },
      { ...input, name: "x".repeat(500) },
      { ...input, reason: "x".repeat(1001) },
      { ...input, key: "short" },
      { ...input, who: "everybody" },
      { ...input, start: new Date("9999-01-01") },
      { ...input, start: new Date(Number.NaN) },
      { ...input, serviceId: "1 or 1=1" },
    ];
    for (const body of wrong)
      await expect(call.public.booking.book(body as typeof input)).rejects.toMatchObject({ code: "BAD_REQUEST" });
    const days = [{ from: "2026-02-31" }, { from: "0001-01-01" }, { days: 32 }, { days: 0 }];
    for (const over of days) {
      await expect(
        call.public.booking.times({ serviceId: clinic.serviceId, who: "any", ...over }),
      ).rejects.toMatchObject({ code: "BAD_REQUEST" });
    }
  });

  test("cannot keep the whole day from others: holds from one address have a budget", async () => {
    const call = await guest(world.clinic, "192.0.2.7");
    const ends: string[] = [];
    for (let index = 0; index < 70; index++) {
      ends.push(
        await outcome(
          call.public.booking.hold({ serviceId: randomUUID(), who: "any", start: at(3, "10:00"), key: randomUUID() }),
        ),
      );
    }
    expect(new Set(ends)).toEqual(new Set(["not_found", "rate_limited"]));
    expect(
      await outcome(
        (await guest(world.clinic, "192.0.2.8")).public.booking.hold({
          serviceId: randomUUID(),
          who: "any",
          start: at(3, "10:00"),
          key: randomUUID(),
        }),
      ),
    ).toBe("not_found");
  });

  test("cannot try every time with one booking: moves have the same budget", async () => {
    const call = await guest(world.clinic, "192.0.2.9");
    const wish = { token: "x".repeat(22), start: at(3, "10:00"), who: "any" as const };
    const move = () => outcome(call.patient.booking.move({ ...wish, key: randomUUID() }));
    const ends: string[] = [];
    for (let index = 0; index < 70; index++) ends.push(await move());
    expect(new Set(ends)).toEqual(new Set(["not_found", "rate_limited"]));
    expect(await outcome(call.patient.booking.get({ token: wish.token }))).toBe("not_found");
  });
});

describe("staff", () => {
  test("see the day, one booking and today, and cancel", async () => {
    const { clinic } = world;
    const call = await member(clinic, "reception");
    const { booking } = await (await guest(clinic)).public.booking.book(
      bookInput(clinic, at(6, "09:00"), { name: "Palesa" }),
    );
    const day = await call.staff.bookings.day({ date: dayAt(6) });
    expect(day).toHaveLength(1);
    expect(day[0]).toMatchObject({
      ref: booking.ref,
      state: "confirmed",
      patientName: "Palesa",
      serviceName: "Consultation",
      practitionerName: "Dr Test",
      bookedBy: "patient",
    });
    const id = day[0]?.id ?? "";
    expect(await call.staff.bookings.get({ bookingId: id })).toEqual(day[0]);
    expect(await call.staff.bookings.cancel({ bookingId: id, key: randomUUID() })).toMatchObject({
      id,
      state: "cancelled",
    });
    const today = await call.staff.today();
    expect(today).toMatchObject({ date: dayAt(0), zone: "Africa/Johannesburg", booked: 0, needs: [] });
    const [audit] = await world.t.admin(
      "SELECT actor FROM app.audit_log WHERE entity_id = $1 AND action = 'booking.cancelled'",
      [id],
    );
    expect(audit?.["actor"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("book for a patient who calls, under their own name in the log, once per key", async () => {
    const { clinic } = world;
    const call = await member(clinic, "reception");
    const input = bookInput(clinic, at(6, "11:00"), { name: "Palesa" });
    const booked = await call.staff.bookings.book(input);
    expect(booked).toMatchObject({ state: "confirmed", start: input.start, patientName: "Palesa", bookedBy: "staff" });
    expect(await call.staff.bookings.get({ bookingId: booked.id })).toEqual(booked);
    expect(await call.staff.bookings.book(input)).toEqual(booked);
    const [audit] = await world.t.admin("SELECT actor, action, detail FROM app.audit_log WHERE entity_id = $1", [
      booked.id,
    ]);
    expect(audit).toMatchObject({ actor: expect.stringMatching(/^[0-9a-f-]{36}$/), action: "booking.booked" });
    expect(await outcome(call.staff.bookings.book({ ...input, key: randomUUID() }))).toBe("slot_taken");
    const biller = await member(clinic, "billing");
    expect(await outcome(biller.staff.bookings.book({ ...input, key: randomUUID() }))).toBe("forbidden");
    expect(await outcome((await guest(clinic)).staff.bookings.book(input))).toBe("unauthenticated");
  });

  test("of a new clinic are told what is missing", async () => {
    const fresh = await makeClinic(world.t, { status: "practice", hours: null });
    await world.t.admin("UPDATE app.service SET active = false WHERE clinic_id = $1", [fresh.clinicId]);
    const { needs } = await (await member(fresh, "owner")).staff.today();
    expect(needs.map((need) => need.kind)).toEqual(["approval", "hours", "services"]);
    // The page of hours opens the one it is asked for.
    expect(needs[1]?.href).toBe(`/portal/settings/hours?who=${fresh.practitionerId}`);
  });

  test("of one clinic find nothing of another, whatever id they send", async () => {
    const { clinic } = world;
    await (await guest(clinic)).public.booking.book(bookInput(clinic, at(7, "09:00")));
    const [booked] = await (await member(clinic, "owner")).staff.bookings.day({ date: dayAt(7) });
    const stranger = await member(other, "owner");
    for (const bookingId of [booked?.id ?? "", randomUUID()]) {
      expect(await outcome(stranger.staff.bookings.get({ bookingId }))).toBe("not_found");
      expect(await outcome(stranger.staff.bookings.cancel({ bookingId, key: randomUUID() }))).toBe("not_found");
    }
    expect(await stranger.staff.bookings.day({ date: dayAt(7) })).toEqual([]);
  });

  test("may do what their role says, guests nothing of it", async () => {
    const { clinic } = world;
    const save = {
      name: "Check-up",
      minutes: 20,
      bufferBefore: 0,
      bufferAfter: 0,
      intervalMinutes: 20,
      noticeMinutes: 0,
      horizonDays: 30,
      priceCents: 0,
      active: true,
      practitionerIds: [],
    };
    const reception = await member(clinic, "reception");
    expect(await outcome(reception.staff.services.save({ ...save, key: randomUUID() }))).toBe("forbidden");
    const owner = await member(clinic, "owner");
    const made = await owner.staff.services.save({ ...save, key: randomUUID() });
    expect((await owner.staff.services.list()).map((service) => service.id)).toContain(made.id);
    expect(await owner.staff.practitioners.list()).toHaveLength(1);
    const hours = await owner.staff.hours.get({ practitionerId: clinic.practitionerId });
    expect(
      await owner.staff.hours.preview({
        practitionerId: clinic.practitionerId,
        weekly: hours.weekly,
        overrides: [],
        from: dayAt(20),
      }),
    ).toHaveLength(7);
    expect(
      (
        await owner.staff.hours.save({
          practitionerId: clinic.practitionerId,
          weekly: hours.weekly,
          overrides: [],
          version: hours.version,
          key: randomUUID(),
        })
      ).weekly,
    ).toEqual(hours.weekly);
    const call = await guest(clinic);
    const closed = [
      call.staff.today(),
      call.staff.bookings.day({ date: dayAt(1) }),
      call.staff.services.list(),
      call.staff.hours.get({ practitionerId: clinic.practitionerId }),
    ];
    expect(await Promise.all(closed.map(outcome))).toEqual(closed.map(() => "unauthenticated"));
  });
});
