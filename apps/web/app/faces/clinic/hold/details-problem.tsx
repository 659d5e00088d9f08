import { ErrorSummary, type FieldError } from "@pulsecal/ui/site";

/** What stopped the booking. Whatever it was, the typed text stays in the form. */
export function DetailsProblem({ code, errors }: { code: string; errors: readonly FieldError[] }) {
  if (code === "fields") return <ErrorSummary errors={errors} />;
  if (code === "hold_limit")
    return (
      <ErrorSummary title="This time cannot be held any longer">
        Your text is kept. Book it now, or choose another time.
      </ErrorSummary>
    );
  if (code === "rate_limited")
    return (
      <ErrorSummary title="That was a lot of tries">
        Your text is kept. Wait a minute, then press the button again.
      </ErrorSummary>
    );
  return (
    <ErrorSummary title="We could not book it just now">
      Your text is kept and nothing was booked. Try again in a moment.
    </ErrorSummary>
  );
}
