import { Button, ErrorSummary } from "@pulsecal/ui/site";
import { time, when } from "../../../lib/format.ts";
import { Call } from "../booking/later.tsx";

export type TimesProblemData = { code: string; start: Date | null; near: Date[] };

/** What happened to the chosen time, and the nearest free ones: each is one press. */
export function TimesProblem({
  problem,
  zone,
  kept,
  still,
  phone = null,
}: {
  problem: TimesProblemData;
  zone: string;
  kept: Kept;
  /** the time somebody has already and keeps; it is said first */
  still?: string;
  phone?: string | null;
}) {
  const { code, start, near } = problem;
  if (code === "choose_time" || !start) return <ErrorSummary title="Choose a time first" />;
  if (code === "same_time") return <ErrorSummary title="That is the time you have">Choose another one.</ErrorSummary>;
  const happened = whatHappened(code, time(start, zone));
  return (
    <ErrorSummary title={still ? `You still have ${still}.` : happened}>
      {still ? <p className="mb-2">{happened}</p> : null}
      {CALL.includes(code) ? (
        <p>
          <Call phone={phone} />
        </p>
      ) : near.length > 0 ? (
        <NearTimes near={near} zone={zone} kept={kept} />
      ) : (
        <p>{code === "rate_limited" ? "Wait a minute, then choose again." : "Choose another time below."}</p>
      )}
    </ErrorSummary>
  );
}

/** What the form must send along with a time: its address, its key and the choices made before. */
type Kept = { action: string; fields: Record<string, string> };

function NearTimes({ near, zone, kept }: { near: readonly Date[]; zone: string; kept: Kept }) {
  return (
    <form method="post" action={kept.action}>
      {Object.entries(kept.fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <p>
        {near.length === 1 ? "This time is free. Press it to take it." : "These times are free. Press one to take it."}
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        {near.map((each) => (
          <Button
            key={each.toISOString()}
            kind="plain"
            name="start"
            value={each.toISOString()}
            className="tabular max-sm:w-full"
          >
            {when(each, zone)}
          </Button>
        ))}
      </div>
    </form>
  );
}

/** What only the clinic can still change. */
const CALL: readonly string[] = ["too_late_to_move", "not_movable"];

function whatHappened(code: string, clock: string): string {
  if (code === "slot_taken") return `Someone took ${clock} while you were choosing.`;
  if (code === "not_offered") return `${clock} is no longer offered.`;
  if (code === "rate_limited") return "That was a lot of tries.";
  if (code === "too_late_to_move") return "It is too late to move it here.";
  if (code === "not_movable") return "It cannot be moved here.";
  return "We could not take that time. Nothing was changed.";
}
