import { ButtonLink, TextLink } from "@pulsecal/ui/site";
import { when } from "../../../lib/format.ts";
import { telHref } from "../../../lib/links.ts";
import type { Booking } from "./booking-data.ts";

/** What can still be done with a booking ahead, and until when. */
export function Later({ booking, token }: { booking: Booking; token: string }) {
  const { canMove, canCancel, clinic } = booking;
  return (
    <div className="mt-8 grid gap-6 border-t border-border pt-6 text-18">
      <section>
        <h2 className="text-20 font-semibold">If you cannot come</h2>
        {canMove || canCancel ? (
          <>
            <p className="mt-1">{untilWords(booking)}</p>
            <div className="mt-3 flex flex-wrap gap-3">
              {canMove && !booking.movedFrom ? (
                <ButtonLink kind="plain" href={`/b/${token}/move`} className="max-sm:w-full">
                  Move to another time
                </ButtonLink>
              ) : null}
              {canCancel ? (
                <ButtonLink kind="plain" href={`/b/${token}/cancel`} className="max-sm:w-full">
                  Cancel this booking
                </ButtonLink>
              ) : null}
            </div>
          </>
        ) : (
          <p className="mt-1">
            It is too late to change it here. <Call phone={clinic.phone} />
          </p>
        )}
      </section>
      <section>
        <h2 className="text-20 font-semibold">What to bring</h2>
        <p className="mt-1">Your ID, your medical aid card if you have one, and a list of the medicines you take.</p>
      </section>
      <section>
        <h2 className="text-20 font-semibold">Your calendar</h2>
        <p className="mt-1">
          <TextLink href={`/b/${token}/calendar`}>Get a calendar address</TextLink> that keeps all your bookings here up
          to date by itself.
        </p>
      </section>
    </div>
  );
}

/** The phone, where the page itself can do no more. */
export function Call({ phone }: { phone: string | null }) {
  if (!phone) return <>Please tell the clinic.</>;
  return (
    <>
      Please call <TextLink href={telHref(phone)}>{phone}</TextLink>.
    </>
  );
}

function untilWords({ canMove, canCancel, moveUntil, cancelUntil, clinic }: Booking): string {
  const move = canMove && moveUntil ? when(moveUntil, clinic.zone) : null;
  const cancel = canCancel && cancelUntil ? when(cancelUntil, clinic.zone) : null;
  if (move && cancel && move !== cancel) return `You can move it until ${move}, and cancel it until ${cancel}.`;
  if (move && cancel) return `You can move or cancel it until ${cancel}.`;
  if (move) return `You can move it until ${move}.`;
  return cancel ? `You can cancel it until ${cancel}.` : "You can change it here.";
}
