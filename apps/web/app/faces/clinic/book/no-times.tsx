import { ButtonLink, EmptyState } from "@pulsecal/ui/site";
import { dayParts } from "../../../lib/format.ts";
import { telHref } from "../../../lib/links.ts";
import { useClinic } from "../clinic-data.ts";
import { type PickerPlace, windowHref } from "./times-view.ts";

/** No times in the window: the next day with some, all doctors, or the phone. */
export function NoTimes({
  next,
  place,
  anyHref,
  waitHref,
}: {
  next: string | null;
  place: PickerPlace;
  anyHref: string | null;
  waitHref?: string;
}) {
  const { phone } = useClinic();
  return (
    <div className="lg:col-span-2">
      <EmptyState
        title={
          next ? `No times in these days. The next one is on ${dayParts(next).name}.` : "No times are open right now."
        }
        next={
          <>
            {next ? <ButtonLink href={windowHref(place, next)}>Go to {dayParts(next).short}</ButtonLink> : null}
            {anyHref ? (
              <ButtonLink kind="plain" href={anyHref}>
                See all doctors
              </ButtonLink>
            ) : null}
            {waitHref ? (
              <ButtonLink kind="plain" href={waitHref}>
                Join the waitlist
              </ButtonLink>
            ) : null}
            {phone ? (
              <ButtonLink kind="plain" href={telHref(phone)}>
                Call {phone}
              </ButtonLink>
            ) : null}
          </>
        }
      />
    </div>
  );
}
