/** Server-rendered components of the patient and apex pages: plain markup, no script. */
export { Button, type ButtonKind, ButtonLink } from "./button.tsx";
export { CheckboxField } from "./checkbox-field.tsx";
export { type Choice, ChoiceList } from "./choice-list.tsx";
export { DateStrip, type StripDay } from "./date-strip.tsx";
export { EmptyState } from "./empty-state.tsx";
export { ErrorSummary, type FieldError } from "./error-summary.tsx";
export { TextArea, TextField } from "./field.tsx";
export { HoldTimer } from "./hold-timer.tsx";
export { TextLink } from "./link.tsx";
export { Mark, Monogram } from "./mark.tsx";
export { Notice } from "./notice.tsx";
export { RadioField } from "./radio-field.tsx";
export { SkipLink } from "./skip-link.tsx";
export { type Slot, type SlotGroup, SlotList } from "./slot-list.tsx";
export type { BookingStatus } from "../status/status.ts";
export { StatusPill } from "./status-pill.tsx";
export { Stepper } from "./stepper.tsx";
export { SummaryList, type SummaryRow } from "./summary-list.tsx";
