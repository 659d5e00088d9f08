import { useAnnounce } from "@pulsecal/ui/app";
import { useEffect, useRef, useState } from "react";
import { useFetcher } from "react-router";
import { newFormKey } from "../../../lib/form.ts";
import type { Unreached } from "../../../lib/keep-typed.ts";
import type { StaffBooking } from "../types.ts";
import type { AgendaAnswer } from "./act.server.ts";
import type { Carried } from "./grid-model.ts";
import { problemText } from "./words.ts";

/** A booking put down in the grid: where it stands now, and what to ask for. */
type Wish = Carried & { practitionerId: string };

/**
 * Saves what was moved or resized in the grid, one after the other. Until the answer a booking stands in its new place;
 * when it is refused it returns, and the reason is spoken and shown.
 */
export function useCarry(bookings: readonly StaffBooking[]) {
  const fetcher = useFetcher<AgendaAnswer | Unreached>();
  const announce = useAnnounce();
  const [wishes, setWishes] = useState<readonly Wish[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const asked = useRef<Wish | null>(null);
  const { state, data, submit } = fetcher;
  const first = wishes[0];

  useEffect(() => {
    if (state !== "idle" || first === undefined) return;
    if (asked.current === first) {
      asked.current = null;
      setWishes((all) => all.filter((one) => one !== first));
      const code = data !== undefined && "problem" in data ? data.problem : undefined;
      if (code === undefined) return;
      const text = problemText(code);
      setProblem(text);
      announce(text);
      return;
    }
    asked.current = first;
    const { id, start, end, practitionerId } = first;
    void submit(
      {
        intent: "move",
        from: "grid",
        bookingId: id,
        to: `${new Date(start).toISOString()} ${practitionerId}`,
        minutes: String(Math.round((end - start) / 60_000)),
        // As it is now: an earlier wish for the same booking has been answered and read.
        sequence: String(bookings.find((one) => one.id === id)?.sequence ?? 0),
        key: newFormKey(),
      },
      { method: "post" },
    );
  }, [state, data, first, bookings, submit, announce]);

  const carry = (wish: Wish) => {
    setProblem(null);
    setWishes((all) => [...all, wish]);
  };
  return { carried: wishes, problem, carry, dismiss: () => setProblem(null) };
}
