import {
  Armchair,
  Ban,
  Check,
  Circle,
  CircleDashed,
  Coins,
  Diamond,
  Hourglass,
  type LucideIcon,
  Minus,
  Square,
  X,
} from "lucide-react";

export type BookingStatus =
  | "held"
  | "awaiting_payment"
  | "requested"
  | "confirmed"
  | "checked_in"
  | "in_consultation"
  | "completed"
  | "expired"
  | "cancelled"
  | "no_show"
  | "declined";

type Look = { word: string; icon: LucideIcon; filled?: boolean; colour: string };

const GREY = "bg-grey-soft text-grey-word border-grey-bar";
const AMBER = "bg-amber-soft text-amber-word border-amber-bar";
const INK = "bg-ink-soft text-ink-word border-ink-bar";
const VERMILION = "bg-vermilion-soft text-vermilion-word border-vermilion-bar";

const LOOKS: Record<BookingStatus, Look> = {
  held: { word: "Held", icon: Hourglass, colour: `${GREY} border-dashed` },
  awaiting_payment: { word: "Waiting for payment", icon: Coins, colour: `${AMBER} border-dashed` },
  requested: { word: "Requested", icon: Diamond, colour: AMBER },
  confirmed: { word: "Confirmed", icon: Circle, filled: true, colour: "bg-blue-soft text-blue-word border-blue-bar" },
  checked_in: { word: "Checked in", icon: Armchair, colour: "bg-teal-soft text-teal-word border-teal-bar" },
  in_consultation: {
    word: "With the doctor",
    icon: Square,
    filled: true,
    colour: "bg-magenta-soft text-magenta-word border-magenta-bar border-double",
  },
  completed: { word: "Done", icon: Check, colour: INK },
  expired: { word: "Hold ended", icon: CircleDashed, colour: `${GREY} border-dotted` },
  cancelled: { word: "Cancelled", icon: X, colour: GREY },
  no_show: { word: "Missed", icon: Ban, colour: VERMILION },
  declined: { word: "Declined", icon: Minus, colour: VERMILION },
};

/** A booking's state: colour, shape and word, always all three. The bar on the left is the state's own colour. */
export function StatusPill({ status }: { status: BookingStatus }) {
  const { word, icon: Icon, filled, colour } = LOOKS[status];
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-input border-s-4 py-1 ps-2 pe-2.5 text-16 font-semibold ${colour}`}
    >
      <Icon aria-hidden="true" className="size-4" fill={filled ? "currentColor" : "none"} />
      {word}
    </span>
  );
}
