import { Ellipsis } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import { cx } from "./cx.ts";

export type NavItem = {
  href: string;
  label: string;
  icon: ComponentType<{ className?: string; "aria-hidden"?: boolean | "true" }>;
};
export type NavGroup = { title?: string; items: NavItem[] };

/** How the router draws a link; the design system knows no router. */
export type RenderLink = (link: {
  href: string;
  className: string;
  current: boolean;
  children: ReactNode;
  key: string;
}) => ReactNode;

type ShellProps = {
  /** Name at the top of the side, such as the clinic's. */
  name: string;
  tagline: string;
  groups: NavGroup[];
  /** Address of the current item. */
  current: string;
  renderLink: RenderLink;
  /** Who is signed in, the way out and links to elsewhere. */
  account: ReactNode;
  banner?: ReactNode;
  badge?: ReactNode;
  children: ReactNode;
};

const side = (isCurrent: boolean) =>
  cx(
    "flex min-h-9 items-center gap-2.5 rounded-input px-2.5 text-14 no-underline pointer-coarse:min-h-11",
    isCurrent ? "bg-brand-soft font-semibold text-brand" : "text-text hover:bg-sunken",
  );

const tab = (isCurrent: boolean) =>
  cx(
    "flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 border-t-2 px-1 text-13 no-underline",
    isCurrent ? "border-brand font-semibold text-brand" : "border-transparent text-muted",
  );

/**
 * The frame of portal and console: a side list on wide screens, a bar of five at the lower edge on narrow ones. "More"
 * is a native popover, so it opens without JavaScript too.
 */
export function Shell({ name, tagline, groups, current, renderLink, account, banner, badge, children }: ShellProps) {
  const all = groups.flatMap((group) => group.items);
  const bar = all.slice(0, 4);
  const rest = all.slice(4);
  return (
    <div className="min-h-dvh bg-surface text-text lg:grid lg:grid-cols-[14rem_minmax(0,1fr)]">
      <a href="#main" className="skip-link">
        Skip to content
      </a>
      <header className="flex min-h-12 items-center justify-between gap-3 border-b border-border bg-raised px-4 lg:hidden">
        <Brand name={name} tagline={tagline} />
        {badge}
      </header>
      <header className="hidden border-r border-border bg-raised lg:block">
        <div className="sticky top-0 flex h-dvh flex-col gap-4 overflow-y-auto px-3 py-4">
          <div className="px-2.5">
            <Brand name={name} tagline={tagline} />
          </div>
          <nav aria-label="Main" className="flex flex-col gap-4">
            {groups.map((group) => (
              <div key={group.title ?? "first"}>
                {group.title === undefined ? null : (
                  <p className="px-2.5 pb-1 text-13 font-semibold text-muted">{group.title}</p>
                )}
                <ul className="flex flex-col gap-0.5">
                  {group.items.map((item) => (
                    <li key={item.href}>
                      {renderLink({
                        key: item.href,
                        href: item.href,
                        current: item.href === current,
                        className: side(item.href === current),
                        children: (
                          <>
                            <item.icon aria-hidden="true" className="size-4 shrink-0" />
                            {item.label}
                          </>
                        ),
                      })}
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </nav>
          <div className="mt-auto flex flex-col gap-3 border-t border-border px-2.5 pt-3 text-14">
            {badge}
            {account}
          </div>
        </div>
      </header>
      <div className="min-w-0 pb-20 lg:pb-0">
        {banner}
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl px-4 py-4 outline-none lg:px-6 lg:py-5">
          {children}
        </main>
      </div>
      <nav
        aria-label="Main, short"
        className="bottom-bar fixed inset-x-0 bottom-0 z-30 flex border-t border-border bg-raised lg:hidden"
      >
        {bar.map((item) =>
          renderLink({
            key: item.href,
            href: item.href,
            current: item.href === current,
            className: tab(item.href === current),
            children: (
              <>
                <item.icon aria-hidden="true" className="size-5 shrink-0" />
                <span className="max-w-full truncate">{item.label}</span>
              </>
            ),
          }),
        )}
        <button
          type="button"
          popoverTarget="more"
          className={cx(tab(rest.some((item) => item.href === current)), "cursor-pointer")}
        >
          <Ellipsis aria-hidden="true" className="size-5 shrink-0" />
          More
        </button>
      </nav>
      <div id="more" popover="auto" role="dialog" aria-label="More" className="more-popover text-text lg:hidden">
        <div className="flex flex-col gap-3 p-4 text-14">
          {rest.map((item) => (
            <div key={item.href}>
              {renderLink({
                key: item.href,
                href: item.href,
                current: item.href === current,
                className: side(item.href === current),
                children: (
                  <>
                    <item.icon aria-hidden="true" className="size-4 shrink-0" />
                    {item.label}
                  </>
                ),
              })}
            </div>
          ))}
          {account}
        </div>
      </div>
    </div>
  );
}

function Brand({ name, tagline }: { name: string; tagline: string }) {
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <PulseMark />
      <span className="min-w-0">
        <span className="block truncate text-14 font-semibold text-text">{name}</span>
        <span className="block truncate text-13 text-muted">{tagline}</span>
      </span>
    </span>
  );
}

/** PulseCal's mark: a day's page with one beat on it. */
export function PulseMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 28 28" aria-hidden="true" className={cx("size-7 shrink-0", className)}>
      <rect x="1" y="1" width="26" height="26" rx="6" className="fill-brand" />
      <path
        d="M5 15h5l2.5-6 4 11 2.5-5h4"
        fill="none"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-on-brand"
      />
    </svg>
  );
}

/** The first line of a page: what it is, what is beside it. */
export function PageHead({ title, aside, children }: { title: string; aside?: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <h1 tabIndex={-1} className="text-20 font-semibold text-text outline-none lg:text-24">
          {title}
        </h1>
        {children}
      </div>
      {aside}
    </div>
  );
}
