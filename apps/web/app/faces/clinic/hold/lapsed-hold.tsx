import { Button, ButtonLink, ErrorSummary, type FieldError } from "@pulsecal/ui/site";
import { time, when } from "../../../lib/format.ts";
import { type NearTime, nearValue } from "./near-time.ts";

type Held = { start: Date; service: { id: string }; clinic: { zone: string } };

/**
 * The time could not be kept. What was typed stays in the form below; one of the nearest times can be booked with it,
 * or another day chosen.
 */
export function LapsedHold({
  booking,
  near,
  code,
  errors,
  chosen,
}: {
  booking: Held;
  near: readonly NearTime[];
  code: string;
  errors: readonly FieldError[];
  chosen: string;
}) {
  const { zone } = booking.clinic;
  // The very time may be free again; else the first of the nearest.
  const same = near.find((each) => each.start.getTime() === booking.start.getTime()) ?? near[0];
  const value = chosen || (same ? nearValue(same) : "");
  const title =
    code === "slot_taken"
      ? `Someone took ${time(booking.start, zone)} in the meantime`
      : `We could not keep ${time(booking.start, zone)} any longer`;
  return (
    <ErrorSummary title={title} errors={errors}>
      <p>Your text is kept. Nothing is booked yet.</p>
      {near.length > 0 ? (
        <fieldset className="mt-4 grid gap-2">
          <legend className="mb-2 font-semibold">Free times nearby</legend>
          {near.map((each) => (
            <label key={nearValue(each)} className="flex min-h-11 items-center gap-3">
              <input
                type="radio"
                name="near"
                value={nearValue(each)}
                defaultChecked={nearValue(each) === value}
                className="size-5 accent-brand"
              />
              <span className="tabular">{when(each.start, zone)}</span>
            </label>
          ))}
          <Button name="intent" value="other" className="mt-2 justify-self-start">
            Book the chosen time
          </Button>
        </fieldset>
      ) : null}
      <ButtonLink kind="plain" href={`/book/${booking.service.id}/any`} className="mt-4">
        Choose another time
      </ButtonLink>
    </ErrorSummary>
  );
}
