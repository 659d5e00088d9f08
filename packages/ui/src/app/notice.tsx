import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";

export type NoticeTone = "info" | "success" | "warning" | "danger";

const tones = {
  info: {
    box: "border-info bg-info-soft",
    icon: <Info aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-info" />,
  },
  success: {
    box: "border-success bg-success-soft",
    icon: <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-success" />,
  },
  warning: {
    box: "border-warning bg-warning-soft",
    icon: <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning" />,
  },
  danger: {
    box: "border-danger bg-danger-soft",
    icon: <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger" />,
  },
} as const;

type NoticeProps = {
  tone: NoticeTone;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
  role?: "status" | "alert";
};

/** A message that stays on the page where it matters. */
export function Notice({ tone, title, children, actions, className, role }: NoticeProps) {
  return (
    <div
      role={role}
      className={cx(
        "flex flex-wrap items-start gap-x-4 gap-y-2 rounded-card border-l-4 px-4 py-3 text-14 text-text",
        tones[tone].box,
        className,
      )}
    >
      <div className="flex min-w-0 flex-1 basis-64 items-start gap-2">
        {tones[tone].icon}
        <div className="min-w-0">
          {title === undefined ? null : <p className="font-semibold">{title}</p>}
          {children}
        </div>
      </div>
      {actions === undefined ? null : <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

type ChangedBannerProps = { what: string; onSee: () => void; onKeep: () => void };

/** Somebody else changed what is being edited. Typed text stays until the reader decides. */
export function ChangedBanner({ what, onSee, onKeep }: ChangedBannerProps) {
  return (
    <Notice
      tone="warning"
      role="status"
      title={what}
      actions={
        <>
          <Button onPress={onSee}>See change</Button>
          <Button onPress={onKeep}>Keep mine</Button>
        </>
      }
    >
      What you typed is still here.
    </Notice>
  );
}
