/** The first stop of the Tab key: straight to the page's content. */
export function SkipLink() {
  return (
    <a
      href="#main"
      className="sr-only rounded-input bg-raised px-4 py-3 text-18 text-brand underline focus:not-sr-only focus:absolute focus:start-4 focus:top-3 focus:z-20"
    >
      Skip to the content
    </a>
  );
}
