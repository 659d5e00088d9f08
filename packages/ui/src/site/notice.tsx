import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const LOOKS = {
  info: { icon: Info, box: "bg-info-soft", mark: "text-info" },
  warning: { icon: TriangleAlert, box: "bg-warning-soft", mark: "text-warning" },
  success: { icon: CircleCheck, box: "bg-success-soft", mark: "text-success" },
} as const;

/** A short message that belongs to the page. */
export function Notice({
  kind = "info",
  title,
  children,
}: {
  kind?: keyof typeof LOOKS;
  title?: string;
  children?: ReactNode;
}) {
  const { icon: Icon, box, mark } = LOOKS[kind];
  return (
    <div className={`flex gap-3 rounded-card p-4 ${box}`}>
      <Icon aria-hidden="true" className={`mt-0.5 size-5 shrink-0 ${mark}`} />
      <div className="grid gap-1 text-18">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children ? <div>{children}</div> : null}
      </div>
    </div>
  );
}
