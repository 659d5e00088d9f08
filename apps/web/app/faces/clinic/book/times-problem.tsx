import { ErrorSummary } from "@pulsecal/ui/site";
import { list, time } from "../../../lib/format.ts";

export type TimesProblemData = { code: string; start: Date | null; near: Date[] };

/** What happened to the chosen time, and the nearest free ones. */
export function TimesProblem({ problem, zone }: { problem: TimesProblemData; zone: string }) {
  const { code, start, near } = problem;
  const free = near.map((each) => time(each, zone));
  const offer =
    free.length > 0 ? `${list(free)} ${free.length === 1 ? "is" : "are"} free.` : "Choose another time below.";
  if (code === "choose_time" || !start) return <ErrorSummary title="Choose a time first" />;
  if (code === "rate_limited")
    return <ErrorSummary title="That was a lot of tries">Wait a minute, then choose again.</ErrorSummary>;
  if (code === "slot_taken")
    return <ErrorSummary title={`Someone took ${time(start, zone)} while you were choosing.`}>{offer}</ErrorSummary>;
  if (code === "not_offered")
    return <ErrorSummary title={`${time(start, zone)} is no longer offered.`}>{offer}</ErrorSummary>;
  return <ErrorSummary title="We could not keep that time.">Nothing was booked. {offer}</ErrorSummary>;
}
