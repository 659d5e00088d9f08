import { addDays, type Busy, dayOf, openWindows, type Rules } from "@pulsecal/core";
import { spanOfDays } from "./times.ts";

type Change = {
  zone: string;
  /** dates without weekly hours */
  holidays: readonly string[];
  /** null: at any hour */
  before: Rules | null;
  after: Rules | null;
  busy: readonly Busy[];
};

/** Of some days, the visits on each that new hours would leave outside, and the old ones do not. */
export function leftOutside({ zone, holidays, before, after, busy }: Change, from: string, days: number): number[] {
  const dates = Array.from({ length: days }, (_, index) => addDays(from, index));
  // hours may begin on the day before, and a visit may end on the day after
  const window = spanOfDays(addDays(from, -2), days + 4, zone);
  const within = (rules: Rules | null) => {
    if (rules === null) return () => true;
    const open = openWindows({ zone, rules, holidays, window });
    return (visit: Busy) => open.some((span) => span.from <= visit.from && visit.to <= span.to);
  };
  const [was, is] = [within(before), within(after)];
  const left = busy.filter((visit) => was(visit) && !is(visit)).map((visit) => dayOf(visit.from, zone));
  return dates.map((date) => left.filter((one) => one === date).length);
}
