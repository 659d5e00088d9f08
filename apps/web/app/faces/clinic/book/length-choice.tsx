import { plural } from "../../../lib/format.ts";
import { type PickerPlace, windowHref } from "./times-view.ts";

/** How long the visit is to be, where a service comes in several lengths: each is a link to its own times. */
export function LengthChoice({
  place,
  choices,
  value,
  from,
  day,
}: {
  place: PickerPlace;
  choices: readonly number[];
  value: number;
  from: string | null;
  day: string | undefined;
}) {
  if (choices.length < 2) return null;
  return (
    <nav aria-label="How long" className="mt-4">
      <ul className="flex flex-wrap gap-2">
        {choices.map((minutes) => (
          <li key={minutes}>
            <a
              href={windowHref({ ...place, keep: { ...place.keep, minutes: String(minutes) } }, from, day, "")}
              aria-current={minutes === value ? "true" : undefined}
              className="tabular inline-flex min-h-11 items-center rounded-input border border-border-strong bg-raised px-4 text-16 hover:bg-brand-soft aria-[current]:border-brand aria-[current]:bg-brand aria-[current]:font-semibold aria-[current]:text-on-brand"
            >
              {plural(minutes, "minute")}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
