import { Button, ButtonLink, ErrorSummary, type FieldError } from "@pulsecal/ui/site";
import { time, when } from "../../../lib/format.ts";
import { type NearTime, nearValue } from "./near-time.ts";

type Held = { service: { id: string }; clinic: { zone: string } };

/**
 * The time could not be kept. What was typed stays in the form around this; pressing one of the nearest times books it
 * with that text, or another day can be chosen.
 */
export function LapsedHold({
  booking,
  lost,
  near,
  code,
  errors,
}: {
  booking: Held;
  lost: Date;
  near: readonly NearTime[];
  code: string;
  errors: readonly FieldError[];
}) {
  const { zone } = booking.clinic;
  const title =
    code === "slot_taken"
      ? `Someone took ${time(lost, zone)} in the meantime`
      : `We could not keep ${time(lost, zone)} any longer`;
  return (
    <ErrorSummary title={title} errors={errors}>
      <p>Your text is kept. Nothing is booked yet.</p>
      {near.length > 0 ? (
        <>
          <p className="mt-2">Press a free time to book it with what you typed.</p>
          <div className="mt-3 flex flex-wrap gap-3">
            {near.map((each) => (
              <Button key={nearValue(each)} name="near" value={nearValue(each)} className="tabular max-sm:w-full">
                Book {when(each.start, zone)}
              </Button>
            ))}
          </div>
        </>
      ) : null}
      <ButtonLink kind="plain" href={`/book/${booking.service.id}/any`} className="mt-4 max-sm:w-full">
        Choose another time
      </ButtonLink>
    </ErrorSummary>
  );
}
