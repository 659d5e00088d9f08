import type { BookingStatus } from "@pulsecal/ui/site";

export type Tone = "good" | "waiting" | "over";
type Heading = { title: string; text: string; tone: Tone };

/** What a booking's page says first, for each state it can be in. */
export function headingOf(
  booking: { state: BookingStatus; start: Date; end: Date; movedFrom?: Date | null },
  now: Date,
): Heading {
  switch (booking.state) {
    case "held":
      return { title: "Your time is held", text: "It is not booked yet: we still need your details.", tone: "waiting" };
    case "awaiting_payment":
      return {
        title: "We are waiting for your payment",
        text: "Do not pay again. We will let you know.",
        tone: "waiting",
      };
    case "requested":
      return {
        title: "The clinic has your request",
        text: "It is not booked yet. The clinic answers by hand, and we tell you as soon as it does.",
        tone: "waiting",
      };
    case "confirmed":
      return confirmed(booking, now);
    case "checked_in":
      return { title: "You are checked in", text: "Take a seat. You will be called.", tone: "good" };
    case "in_consultation":
      return { title: "You are with the doctor", text: "", tone: "good" };
    case "completed":
      return { title: "This visit is done", text: "Thank you for coming.", tone: "over" };
    case "expired":
      return {
        title: "This time is no longer held",
        text: "Nothing was booked. You can choose another time.",
        tone: "over",
      };
    case "cancelled":
      return {
        title: "This booking is cancelled",
        text: "The time is free again. There is nothing more to do.",
        tone: "over",
      };
    case "no_show":
      return {
        title: "We missed you",
        text: "You were not seen at this visit. If that is wrong, tell the clinic. You can book another time.",
        tone: "over",
      };
    case "declined":
      return {
        title: "The clinic could not take this booking",
        text: "Nothing is booked. You can choose another time, or call.",
        tone: "over",
      };
  }
}

function confirmed({ end, movedFrom }: { end: Date; movedFrom?: Date | null }, now: Date): Heading {
  if (end <= now) return { title: "This visit is over", text: "We hope it went well.", tone: "over" };
  if (movedFrom)
    return {
      title: "The clinic moved your visit",
      text: "The new time is yours. Keep it, or choose another that suits you better.",
      tone: "waiting",
    };
  return { title: "You are booked", text: "Keep this page: it is always up to date.", tone: "good" };
}
