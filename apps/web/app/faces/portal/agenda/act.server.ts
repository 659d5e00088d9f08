import { data, redirect } from "react-router";
import { field, textOf } from "../../../lib/form.ts";
import { alternativesIn, attempt, type Refused } from "../../../lib/refusal.server.ts";
import type { Caller } from "../../../lib/trpc.server.ts";
import type { StaffBooking } from "../types.ts";
import { type Changes, nothingOpen, withParams } from "./address.ts";
import { type PersonTyped, personInput, personProblems, readPerson } from "./person-form.ts";
import type { Free } from "./calendar.ts";
import type { Transition } from "./words.ts";

export type Problem = { id: string; text: string };

/** What an action leaves for the page when it did not go through; what was typed is always in it. */
export type AgendaAnswer = {
  intent: string;
  problem?: string;
  problems?: Problem[];
  alternatives?: Free[];
  typed?: PersonTyped;
  /** of a move that went through from the grid */
  moved?: StaffBooking;
};

const transitions: ReadonlySet<string> = new Set([
  "checked_in",
  "in_consultation",
  "completed",
  "no_show",
  "confirmed",
  "declined",
]);

/** Does what a form of the agenda asks: one intent each, one call each. */
export async function actOnAgenda(staff: Caller["staff"], form: FormData, params: URLSearchParams) {
  const intent = textOf(form, "intent");
  const key = textOf(form, "key");
  const bookingId = textOf(form, "bookingId");
  const back = (changes: Changes) => redirect(withParams(params, changes));
  const refused = (why: Refused, more: Partial<AgendaAnswer> = {}, status = 409) =>
    data({ intent, problem: why.code, alternatives: alternativesIn(why.detail), ...more } satisfies AgendaAnswer, {
      status,
    });

  if (transitions.has(intent)) {
    const done = await attempt(() => staff.bookings.transition({ bookingId, to: intent as Transition, key }));
    if (!done.ok) return refused(done);
    throw back({ ask: null });
  }
  switch (intent) {
    case "cancel": {
      const reason = field(form, "reason");
      const done = await attempt(() =>
        staff.bookings.cancel({ bookingId, reason: reason === "" ? undefined : reason, key }),
      );
      if (!done.ok) return refused(done);
      throw back({ ask: null });
    }
    case "cancel_series": {
      const [setId, from] = [textOf(form, "setId"), new Date(textOf(form, "from"))];
      const done = await attempt(() => staff.series.cancel({ setId, from, key }));
      if (!done.ok) return refused(done);
      throw back({ ask: null });
    }
    case "move":
    case "resize": {
      const [start = "", practitionerId = ""] = textOf(form, "to").split(" ");
      const minutes = Number(textOf(form, "minutes"));
      const done = await attempt(() =>
        staff.bookings.move({
          bookingId,
          start: new Date(start),
          practitionerId,
          ...(minutes > 0 ? { minutes } : {}),
          sequence: Number(textOf(form, "sequence")),
          key,
        }),
      );
      if (!done.ok) return refused(done);
      // From the grid the answer stays on the page, from the dialog it closes it.
      if (textOf(form, "from") === "grid") return data({ intent, moved: done.value } satisfies AgendaAnswer);
      throw back({ ask: null, moveFrom: null, moveDay: null, moveWho: null });
    }
    case "book":
    case "squeeze":
      return book(staff, form, { intent, key, back, refused });
    case "block": {
      const [startsAt, endsAt] = [new Date(textOf(form, "start")), new Date(textOf(form, "end"))];
      const label = field(form, "label");
      const wish = { practitionerId: textOf(form, "practitionerId"), startsAt, endsAt, kind: "block" as const, key };
      const done = await attempt(() => staff.leave.save({ ...wish, label: label === "" ? undefined : label }));
      if (!done.ok) return refused(done);
      throw back(nothingOpen);
    }
    default:
      return data({ intent, problem: "unknown" } satisfies AgendaAnswer, { status: 400 });
  }
}

type Around = {
  intent: "book" | "squeeze";
  key: string;
  back: (changes: Changes) => Response;
  refused: (why: Refused, more?: Partial<AgendaAnswer>, status?: number) => ReturnType<typeof data<AgendaAnswer>>;
};

async function book(staff: Caller["staff"], form: FormData, { intent, key, back, refused }: Around) {
  const typed = readPerson(form);
  const problems = personProblems(typed, intent);
  if (problems.length > 0) return data({ intent, problems, typed } satisfies AgendaAnswer, { status: 422 });
  const minutes = Number(textOf(form, "minutes"));
  const wish = {
    serviceId: textOf(form, "serviceId"),
    start: new Date(textOf(form, "start")),
    ...(minutes > 0 ? { minutes } : {}),
    key,
  };
  const practitionerId = textOf(form, "practitionerId");
  const { name, email, phone, reason } = personInput(typed);
  const done = await attempt(() =>
    intent === "book"
      ? staff.bookings.book({ ...wish, who: practitionerId, name, email, phone, reason })
      : staff.bookings.squeezeIn({ ...wish, practitionerId, reason: typed.why, name, email, phone }),
  );
  if (!done.ok) return refused(done, { typed });
  throw back({ ...nothingOpen, booking: done.value.id });
}
