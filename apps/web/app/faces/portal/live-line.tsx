/**
 * The one fixed line that says what last arrived. A row of its own below the head, never longer than it: beside the
 * page's buttons a long name pushed them onto another line, and everything below moved. Screen readers hear it from the
 * page's own live region.
 */
export function LiveLine({ line, quiet }: { line: string | null; quiet: string }) {
  return (
    <p data-live-line className="-mt-2 mb-4 min-h-5 truncate text-14 text-muted">
      {line === null ? (
        quiet
      ) : (
        <span className="border-l-[3px] border-accent pl-2 font-semibold text-text">{line}</span>
      )}
    </p>
  );
}
