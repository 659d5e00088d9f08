/**
 * Where the island speaks and shows that the connection is gone. Both are in the page from the start: a live region
 * added later is not read out by every screen reader.
 */
export function LiveBars({ asOf }: { asOf: string }) {
  return (
    <>
      <p role="status" data-live-region="" className="sr-only" />
      <p
        data-offline=""
        hidden
        className="fixed inset-x-0 top-0 z-10 bg-warning-soft px-4 py-2 text-center text-16 font-semibold text-warning shadow-popover"
      >
        You are offline. This is how it looked at <span data-as-of="">{asOf}</span>.
      </p>
    </>
  );
}
