export type { AgendaAction } from "./agenda/actions.ts";
export { AgendaGrid, type AgendaGridProps, type AgendaPlace } from "./agenda/agenda-grid.tsx";
export { type AgendaColumn, type Axis, buildAxis, instantOf } from "./agenda/axis.ts";
export { endLabel } from "./agenda/ghost.ts";
export {
  type AgendaBlock,
  type AgendaBooking,
  placeBlocks,
  placeBookings,
  type Stop,
  stopsOf,
} from "./agenda/layout.ts";
export { Button, type ButtonKind, buttonClass, IconButton } from "./button.tsx";
export { Card, SummaryList } from "./card.tsx";
export { cx } from "./cx.ts";
export { Dialog } from "./dialog.tsx";
export { EmptyState } from "./empty-state.tsx";
export { ErrorSummary, type FieldProblem } from "./error-summary.tsx";
export { Checkbox, controlClass, Select, Switch, TextField } from "./field.tsx";
export { LiveBadge, type LiveState } from "./live-badge.tsx";
export { LiveRegion, useAnnounce } from "./live-region.tsx";
export { MinuteField } from "./minute-field.tsx";
export { formatMinutes, parseMinutes } from "./minutes.ts";
export { NewRowsButton } from "./new-rows-button.tsx";
export { ChangedBanner, Notice } from "./notice.tsx";
export { type NavGroup, PageHead, PulseMark, type RenderLink, Shell } from "./shell.tsx";
export { Skeleton } from "./skeleton.tsx";
export { SlotList, type SlotGroup } from "./slot-list.tsx";
export { statusOf } from "../status/status.ts";
export { edgeStyle, familyBar, familySoft, StatusPill, StatusShapeIcon } from "./status-pill.tsx";
