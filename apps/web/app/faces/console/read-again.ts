import { useCallback, useEffect, useRef } from "react";
import { useRevalidator } from "react-router";

const step = 1_000;

/** Reads the page again, once a second at most however fast events come, so that figures step and do not flicker. */
export function useReadAgain(): () => void {
  const { revalidate } = useRevalidator();
  const last = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    if (timer.current !== undefined) return;
    const run = () => {
      timer.current = undefined;
      last.current = Date.now();
      void revalidate();
    };
    timer.current = setTimeout(run, Math.max(0, last.current + step - Date.now()));
  }, [revalidate]);
}
