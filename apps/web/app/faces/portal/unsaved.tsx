import { Button, Dialog } from "@pulsecal/ui/app";
import { useEffect } from "react";
import { useBlocker } from "react-router";

/** Asks before typed text is left behind, whether by a link here or by closing the page. */
export function UnsavedGuard({ dirty, what }: { dirty: boolean; what: string }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && currentLocation.pathname + currentLocation.search !== nextLocation.pathname + nextLocation.search,
  );
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  return (
    <Dialog
      role="alertdialog"
      title="Leave without saving?"
      isOpen={blocker.state === "blocked"}
      onClose={() => blocker.reset?.()}
      actions={
        <>
          <Button onPress={() => blocker.reset?.()}>Stay here</Button>
          <Button kind="danger" onPress={() => blocker.proceed?.()}>
            Leave
          </Button>
        </>
      }
    >
      {what} would be lost.
    </Dialog>
  );
}
