/** Where one is in a few steps, in words. */
export function Stepper({ now, of, title }: { now: number; of: number; title: string }) {
  return (
    <p className="text-16 text-muted">
      <span className="font-semibold text-brand">
        Step {now} of {of}
      </span>
      <span aria-hidden="true"> · </span>
      {title}
    </p>
  );
}
