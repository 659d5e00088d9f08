import { Button, SummaryList, type SummaryRow } from "@pulsecal/ui/site";

/**
 * The button that takes the chosen time: a bar at the foot of a phone, a card with the choice so far on a wide screen.
 * The island writes the time behind the verb and, when the time is lost, says why.
 */
export function ChoiceAside({
  rows,
  bookable,
  verb,
  text,
  note,
}: {
  rows: readonly SummaryRow[];
  bookable: boolean;
  /** "Book": what the button says before a time */
  verb: string;
  /** what it says before a time is chosen */
  text: string;
  note: string;
}) {
  return (
    <aside className="max-lg:sticky max-lg:bottom-0 max-lg:-mx-4 max-lg:border-t max-lg:border-border max-lg:bg-surface max-lg:px-4 max-lg:py-3 lg:self-start lg:rounded-card lg:border lg:border-border lg:bg-raised lg:p-5">
      <div className="mb-5 max-lg:hidden">
        <SummaryList rows={rows} />
      </div>
      <p data-said="" className="mb-3 hidden text-16 font-semibold text-danger" />
      <Button wide disabled={!bookable} data-book={verb}>
        {text}
      </Button>
      <p className="mt-2 text-center text-14 text-muted">{note}</p>
    </aside>
  );
}
