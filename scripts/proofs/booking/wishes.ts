import { randomUUID } from "node:crypto";
import type { Asking } from "./door.ts";
import { instant, type Place, type Spot } from "./place.ts";

/** Which time somebody wants: minutes of the spot's day, the places of the doctor and the service in their lists. */
export type Wanted = { minute: number; doctor?: number | "any"; service?: number; key?: string };

function wanted(spot: Spot, { minute, doctor = 0, service = 0, key = randomUUID() }: Wanted) {
  return {
    serviceId: spot.services[service],
    who: doctor === "any" ? doctor : spot.doctors[doctor],
    start: instant(spot.day, minute),
    key,
  };
}

/** Each time somebody else's mailbox, which has a budget. */
export const patient = {
  name: "Lerato Dube",
  get email() {
    return `lerato-${randomUUID()}@people.example`;
  },
};

export function book(spot: Spot, want: Wanted): Asking {
  return { slug: spot.slug, path: "public.booking.book", input: { ...wanted(spot, want), ...patient } };
}

export function hold(spot: Spot, want: Wanted): Asking {
  return { slug: spot.slug, path: "public.booking.hold", input: wanted(spot, want) };
}

export function confirm(place: Pick<Place, "slug">, token: string, name = patient.name): Asking {
  return {
    slug: place.slug,
    path: "public.booking.confirm",
    input: { token, key: randomUUID(), name, email: patient.email },
  };
}

export function release(place: Pick<Place, "slug">, token: string): Asking {
  return { slug: place.slug, path: "public.booking.releaseHold", input: { token, key: randomUUID() } };
}

export function cancel(place: Pick<Place, "slug">, token: string): Asking {
  return { slug: place.slug, path: "patient.booking.cancel", input: { token, key: randomUUID() } };
}

/** The holder of a booking's link wants another time. */
export function move(spot: Spot, token: string, { minute, doctor = 0 }: Wanted): Asking {
  const who = doctor === "any" ? doctor : spot.doctors[doctor];
  const input = { token, start: instant(spot.day, minute), who, key: randomUUID() };
  return { slug: spot.slug, path: "patient.booking.move", input };
}
