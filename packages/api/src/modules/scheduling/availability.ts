import type { Busy, Horizon, Limits, ResourceCalendar, Rules, ServiceRule, Span } from "@pulsecal/core";
import type { StoredAnswer } from "./stored-answers.ts";

/** What a service takes besides its practitioner: `count` of these resources. Its own length and buffers unless said. */
export type ServiceNeed = {
  id: string;
  count: number;
  of: string[];
  minutes?: number;
  bufferBefore?: number;
  bufferAfter?: number;
};

/** A service as it can be booked, with every rule it carries. Minutes unless said. */
export type OfferedService = ServiceRule & {
  id: string;
  name: string;
  priceCents: number;
  practitionerIds: string[];
  /** other lengths a patient may choose */
  otherMinutes: number[];
  alignment: "clock" | "opening" | "packed";
  alignmentOffset: number;
  horizon: Horizon;
  /** people one session takes; more than 1 is a group session */
  seats: number;
  limits: Limits;
  needsApproval: boolean;
  needs: ServiceNeed[];
  /** it asks questions at booking */
  asks: boolean;
  /** the clinic's setting, kept here so that whoever holds a service can tell whether it is simple */
  shareBuffers: boolean;
  /** one who gives it has limits of their own */
  peopleLimited: boolean;
  /** what counts towards its limits, whoever gives it; read only where there are limits */
  counted: Busy[];
};

/** A practitioner who gives a service, approved and active. */
export type Bookable = {
  id: string;
  name: string;
  position: number;
  address: string | null;
  rules: Rules;
  leave: Span[];
  busy: Busy[];
  limits: Limits;
};

/** A room, a device or a second practitioner that some service needs. */
export type NeededResource = ResourceCalendar & { name: string };

/** Everything a question to the engine is made of, of one snapshot. */
export type Sources = {
  /** the database's clock, epoch milliseconds */
  now: number;
  clinic: { zone: string; shareBuffers: boolean };
  practitioners: Bookable[];
  resources: NeededResource[];
  /** the whole clinic is shut */
  closures: Span[];
  /** public holidays, YYYY-MM-DD */
  holidays: string[];
};

export type Availability = Sources & {
  /** the clinic's count of changes to what its times are made of */
  version: string;
  /** the transaction horizon of the same snapshot: every event below it is already in this answer */
  horizon: string;
  /**
   * That snapshot as pg_snapshot writes it, and when the first of the holds in it runs out (epoch milliseconds, null:
   * there are none); absent where it was not asked for.
   */
  seen?: { snapshot: string; heldUntil: number | null };
  clinic: {
    name: string;
    slug: string;
    zone: string;
    status: string;
    phone: string | null;
    about: string | null;
    cancelUntilMinutes: number;
    shareBuffers: boolean;
    /** ISO 3166 country whose public holidays are kept */
    holidayCountry: string | null;
  };
  services: OfferedService[];
  /** what is stored under the asked key */
  stored: StoredAnswer<unknown> | null;
};

/**
 * Whether the short write path may serve it: one practitioner's time and nothing else decides. Limits, seats, other
 * resources and times packed around what is booked are looked at under the locks instead.
 */
export function isSimple(service: OfferedService): boolean {
  return (
    service.seats === 1 &&
    service.needs.length === 0 &&
    service.alignment !== "packed" &&
    !service.needsApproval &&
    !service.asks &&
    !service.shareBuffers &&
    !service.peopleLimited &&
    !isLimited(service.limits)
  );
}

/** Whether there is any limit at all. */
export function isLimited(limits: Limits): boolean {
  return limits.perDay !== undefined || limits.perWeek !== undefined;
}
