import { cx } from "@pulsecal/ui/app";
import type { KeyboardEvent } from "react";
import { Link, useNavigate } from "react-router";
import type { ListedClinic } from "./approvals.tsx";
import { sinceText } from "./words.ts";

type ClinicListProps = {
  clinics: ListedClinic[];
  openId: string | undefined;
  fresh: ReadonlySet<string>;
  now: number;
  hrefOf: (id: string, confirm?: boolean) => string;
};

/** Clinics, the longest waiting first, so that a newcomer goes to the end and moves nothing. J and K go through it, A asks to approve. */
export function ClinicList({ clinics, openId, fresh, now, hrefOf }: ClinicListProps) {
  const navigate = useNavigate();
  const go = (link: HTMLAnchorElement, step: 1 | -1) => {
    const links = [...(link.closest("ul")?.querySelectorAll<HTMLAnchorElement>("a[data-clinic]") ?? [])];
    const next = links[links.indexOf(link) + step];
    if (next === undefined) return;
    next.focus();
    void navigate(hrefOf(next.dataset["clinic"] ?? ""), { replace: true, preventScrollReset: true });
  };
  // Single letters work only here, on a focused row; the links do without them.
  const keys = (event: KeyboardEvent<HTMLAnchorElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const link = event.currentTarget;
    if (event.key === "j" || event.key === "ArrowDown") go(link, 1);
    else if (event.key === "k" || event.key === "ArrowUp") go(link, -1);
    else if (event.key === "a" && link.dataset["status"] === "practice") {
      void navigate(hrefOf(link.dataset["clinic"] ?? "", true), { preventScrollReset: true });
    } else return;
    event.preventDefault();
  };
  return (
    <div className="min-w-0">
      <ul aria-label="Clinics" className="overflow-hidden rounded-card border border-border bg-raised">
        {clinics.map((clinic) => (
          <li key={clinic.id} className="border-b border-border last:border-b-0">
            <Link
              to={hrefOf(clinic.id)}
              replace
              preventScrollReset
              onKeyDown={keys}
              data-clinic={clinic.id}
              data-status={clinic.status}
              aria-current={clinic.id === openId ? "true" : undefined}
              className={cx(
                "flex min-h-13 items-center gap-3 border-l-[3px] px-3 py-2 text-14 text-text no-underline -outline-offset-3",
                fresh.has(clinic.id) ? "border-l-accent" : "border-l-transparent",
                clinic.id === openId ? "bg-brand-soft" : "hover:bg-sunken",
              )}
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-semibold">{clinic.name}</span>
                <span className="block truncate text-13 text-muted">{new URL(clinic.address).host}</span>
              </span>
              {fresh.has(clinic.id) ? (
                <span className="rounded-input bg-accent px-1 text-13 font-semibold text-on-accent">New</span>
              ) : null}
              <span className="text-13 whitespace-nowrap text-muted tabular-nums">
                {sinceText(clinic.approvedAt ?? clinic.createdAt, now)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <p className="mt-2 hidden text-13 text-muted lg:block">In the list: J and K go down and up, A asks to approve.</p>
    </div>
  );
}
