import { z } from "zod";
import { Answers } from "../intake/index.ts";
import { contactMissing, hasContact, patientFields } from "../records/index.ts";
import { Day, Key } from "../scheduling/index.ts";

/** 132 bits, base64url: what an entry's link carries */
const Token = z
  .string()
  .length(22)
  .regex(/^[A-Za-z0-9_-]+$/);
const Who = z.union([z.literal("any"), z.uuid()]);
const Minute = z.int().min(0).max(1440);

/** A stretch of the week in which somebody can come; minutes of the day in the clinic's zone. */
const CanCome = z.strictObject({ weekday: z.literal([1, 2, 3, 4, 5, 6, 7]), from: Minute.max(1439), to: Minute });

const wishes = {
  serviceId: z.uuid(),
  who: Who,
  /** empty: at any time */
  canCome: z.array(CanCome).max(28),
  /** days of the clinic's zone, both included */
  notBefore: Day.optional(),
  notAfter: Day.optional(),
};
const { name, email, phone } = patientFields;
const person = { name, email, phone };

type Days = { notBefore?: string | undefined; notAfter?: string | undefined };
const inOrder = ({ notBefore, notAfter }: Days) => !notBefore || !notAfter || notBefore <= notAfter;
const daysTurned = { message: "Choose a last day after the first", path: ["notAfter"] };

export const JoinIn = z
  .strictObject({ ...wishes, ...person, key: Key })
  .refine(hasContact, contactMissing)
  .refine(inOrder, daysTurned);
export const AddIn = z
  .strictObject({
    ...wishes,
    ...person,
    /** 0 can wait .. 3 soonest */
    urgency: z.literal([0, 1, 2, 3]).default(0),
    key: Key,
  })
  .refine(hasContact, contactMissing)
  .refine(inOrder, daysTurned);
export const EntryTokenIn = z.strictObject({ token: Token });
export const LiveEntryIn = z.strictObject({ token: Token, lastEventId: z.string().max(500).optional() });
export const EntryChangeIn = z.strictObject({ token: Token, key: Key });
export const AcceptIn = EntryChangeIn.extend({ answers: Answers.optional() });
export const OfferIn = z.strictObject({ gapId: z.uuid(), entryId: z.uuid().optional(), key: Key });
export const EntryIn = z.strictObject({ entryId: z.uuid(), key: Key });
export const AnswerIn = z.strictObject({ entryId: z.uuid(), answer: z.enum(["accept", "decline"]), key: Key });

export const JoinOut = z.object({ token: z.string() });
export const AddOut = z.object({ entryId: z.uuid() });
export const AcceptOut = z.object({ token: z.string() });

const State = z.enum(["waiting", "booked", "withdrawn"]);
const Wished = z.object({
  canCome: z.array(z.object({ weekday: z.int(), from: z.int(), to: z.int() })),
  notBefore: Day.nullable(),
  notAfter: Day.nullable(),
});

/** What the holder of an entry's link sees. */
export const EntryView = Wished.extend({
  state: State,
  service: z.object({ id: z.uuid(), name: z.string(), minutes: z.int() }),
  /** the clinic answers by hand: an accepted time waits for its yes */
  approval: z.boolean(),
  /** null: anyone will do */
  who: z.string().nullable(),
  since: z.date(),
  clinic: z.object({ name: z.string(), zone: z.string(), phone: z.string().nullable() }),
  /** the time that is kept for them right now */
  offer: z.object({ start: z.date(), end: z.date(), practitionerName: z.string(), expiresAt: z.date() }).nullable(),
  /** the link of the booking that came of it */
  bookingToken: z.string().nullable(),
});

const StaffEntry = Wished.extend({
  entryId: z.uuid(),
  name: z.string(),
  serviceId: z.uuid(),
  serviceName: z.string(),
  who: z.string().nullable(),
  urgency: z.int(),
  since: z.date(),
  /** whole days waited */
  days: z.int(),
  /** false: no mail reaches them, so they are offered times by hand */
  reachable: z.boolean(),
  /** has an offer right now */
  offered: z.boolean(),
  /** let two offers run out without a word */
  silent: z.boolean(),
});

export const WaitlistOut = z.object({
  gaps: z.array(
    z.object({
      id: z.uuid(),
      start: z.date(),
      end: z.date(),
      practitionerId: z.uuid(),
      practitionerName: z.string(),
      /** it is a seat in a group session that others keep */
      seat: z.boolean(),
      /** the first of those whom it suits, in the order in which they are asked; `more` suit it too */
      more: z.int(),
      fits: z.array(
        z.object({
          entryId: z.uuid(),
          name: z.string(),
          /** why they stand where they stand: "Urgent, 9 days" */
          rank: z.string(),
          days: z.int(),
          reachable: z.boolean(),
          /** let two offers run out without a word: only staff ask them again */
          silent: z.boolean(),
        }),
      ),
      /** how those who were asked before answered */
      asked: z.array(z.object({ entryId: z.uuid(), name: z.string(), state: z.enum(["declined", "expired"]) })),
      offer: z.object({ entryId: z.uuid(), name: z.string(), expiresAt: z.date() }).nullable(),
    }),
  ),
  entries: z.array(StaffEntry),
});

export type JoinInput = z.output<typeof JoinIn>;
export type AddInput = z.output<typeof AddIn>;
export type OfferInput = z.output<typeof OfferIn>;
export type EntryView = z.output<typeof EntryView>;
export type Waitlist = z.output<typeof WaitlistOut>;
