/**
 * The eleven states of a booking as they are shown: a family of colours, a drawn mark and a word, always all three. Both
 * kinds of component, `site` and `app`, read this one table; each has its own classes for a family and an edge.
 */
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

export type StatusEdge = "solid" | "dashed" | "double";

type StatusLook = {
  /** what staff call it */
  word: string;
  /** what its patient is told: no shorthand, no blame */
  patientWord: string;
  family: StatusFamily;
  shape: StatusShape;
  edge: StatusEdge;
};

export const statuses: Record<BookingStatus, StatusLook> = {
  held: { word: "Held", patientWord: "Held", family: "grey", shape: "hourglass", edge: "dashed" },
  awaiting_payment: {
    word: "Awaiting payment",
    patientWord: "Waiting for payment",
    family: "amber",
    shape: "coin",
    edge: "dashed",
  },
  requested: { word: "Requested", patientWord: "Requested", family: "amber", shape: "diamond", edge: "solid" },
  confirmed: { word: "Confirmed", patientWord: "Confirmed", family: "blue", shape: "circle", edge: "solid" },
  checked_in: { word: "Checked in", patientWord: "Checked in", family: "teal", shape: "chair", edge: "solid" },
  in_consultation: {
    word: "With doctor",
    patientWord: "With the doctor",
    family: "magenta",
    shape: "square",
    edge: "double",
  },
  completed: { word: "Completed", patientWord: "Done", family: "ink", shape: "tick", edge: "solid" },
  expired: { word: "Expired", patientWord: "Hold ended", family: "grey", shape: "dotted-ring", edge: "solid" },
  cancelled: { word: "Cancelled", patientWord: "Cancelled", family: "grey", shape: "cross", edge: "solid" },
  no_show: { word: "No show", patientWord: "Missed", family: "vermilion", shape: "barred-circle", edge: "solid" },
  declined: { word: "Declined", patientWord: "Declined", family: "vermilion", shape: "minus", edge: "solid" },
};

/** The state's row of the table; a state of a newer server is shown by its own name, in grey. */
export const statusOf = (state: string): StatusLook =>
  (statuses as Record<string, StatusLook | undefined>)[state] ?? {
    word: state,
    patientWord: state,
    family: "grey",
    shape: "dotted-ring",
    edge: "solid",
  };
