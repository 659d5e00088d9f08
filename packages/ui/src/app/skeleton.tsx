/** Grey rows of the size of what is coming; they appear only when it takes longer than a blink. */
export function Skeleton({ rows = 3, label }: { rows?: number; label: string }) {
  return (
    <div className="late-fade flex flex-col gap-2" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} aria-hidden="true" className="block h-9 rounded-input bg-sunken" />
      ))}
    </div>
  );
}
