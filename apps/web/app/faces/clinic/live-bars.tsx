import type { ReactNode } from "react";

/**
 * Where the island speaks, and where it shows that the connection is gone. Both are in the page from the start: a live
 * region added later is not read out by every screen reader.
 */
function Bars({ children }: { children: ReactNode }) {
  return (
    <>
      <p role="status" data-live-region="" className="sr-only" />
      <p
        data-offline=""
        hidden
        className="fixed inset-x-0 top-0 z-10 bg-warning-soft px-4 py-2 text-center text-16 font-semibold text-warning shadow-popover"
      >
        {children}
      </p>
    </>
  );
}

/** For a page that shows live times: since when they are old. */
export function LiveBars({ asOf }: { asOf: string }) {
  return (
    <Bars>
      You are offline. This is how it looked at <span data-as-of="">{asOf}</span>.
    </Bars>
  );
}

/** For a page with something to type. */
export function FormBars() {
  return <Bars>You are offline. What you typed is kept: send it when you are back.</Bars>;
}
