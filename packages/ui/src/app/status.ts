/** The eleven states of a booking as staff see them: family of colours, shape, word. */
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

export type StatusFamily = "grey" | "amber" | "blue" | "teal" | "magenta" | "ink" | "vermilion";

export type StatusShape =
  | "hourglass"
  | "coin"
  | "diamond"
  | "circle"
  | "chair"
  | "square"
  | "tick"
  | "dotted-ring"
  | "cross"
  | "barred-circle"
  | "minus";

export const statuses: Record<
  BookingStatus,
  { word: string; family: StatusFamily; shape: StatusShape; edge: "solid" | "dashed" | "double" }
> = {
  held: { word: "Held", family: "grey", shape: "hourglass", edge: "dashed" },
  awaiting_payment: { word: "Awaiting payment", family: "amber", shape: "coin", edge: "dashed" },
  requested: { word: "Requested", family: "amber", shape: "diamond", edge: "solid" },
  confirmed: { word: "Confirmed", family: "blue", shape: "circle", edge: "solid" },
  checked_in: { word: "Checked in", family: "teal", shape: "chair", edge: "solid" },
  in_consultation: { word: "With doctor", family: "magenta", shape: "square", edge: "double" },
  completed: { word: "Completed", family: "ink", shape: "tick", edge: "solid" },
  expired: { word: "Expired", family: "grey", shape: "dotted-ring", edge: "solid" },
  cancelled: { word: "Cancelled", family: "grey", shape: "cross", edge: "solid" },
  no_show: { word: "No show", family: "vermilion", shape: "barred-circle", edge: "solid" },
  declined: { word: "Declined", family: "vermilion", shape: "minus", edge: "solid" },
};

/** The state's row of the table; a word we do not know yet is shown as it is, in grey. */
export const statusOf = (state: string): (typeof statuses)[BookingStatus] =>
  (statuses as Record<string, (typeof statuses)[BookingStatus] | undefined>)[state] ?? {
    word: state,
    family: "grey",
    shape: "dotted-ring",
    edge: "solid",
  };
