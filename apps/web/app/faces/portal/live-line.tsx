/** The one fixed line that says what last arrived. Screen readers hear it from the page's own live region. */
export function LiveLine({ line, quiet }: { line: string | null; quiet: string }) {
  return (
    <p data-live-line className="min-h-5 text-14 text-muted">
      {line === null ? (
        quiet
      ) : (
        <span className="border-l-[3px] border-accent pl-2 font-semibold text-text">{line}</span>
      )}
    </p>
  );
}
