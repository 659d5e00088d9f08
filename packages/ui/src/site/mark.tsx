/** PulseCal's own mark: a day on a page, and a beat in it. */
export function Mark({ className = "size-8" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <rect x="2" y="3" width="28" height="26" rx="6" className="fill-brand" />
      <path
        d="M7 18h4.2l2.1-6.4a.6.6 0 0 1 1.15.03l3.3 11.1a.6.6 0 0 0 1.14.04L20.8 18H25"
        fill="none"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-on-brand"
      />
    </svg>
  );
}

/** A clinic without a logo of its own: its first letter. */
export function Monogram({ name, className = "size-10 text-20" }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={`grid shrink-0 place-items-center rounded-card bg-brand font-semibold text-on-brand ${className}`}
    >
      {(/\p{L}|\p{N}/u.exec(name)?.[0] ?? "·").toUpperCase()}
    </span>
  );
}
