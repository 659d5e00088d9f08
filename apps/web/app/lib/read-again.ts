import { useCallback, useEffect, useRef } from "react";
import { useNavigation, useRevalidator } from "react-router";

const step = 1_000;

/**
 * Reads the page again, once a second at most however fast events come, so that figures step and do not flicker. While a
 * form is on its way or the page is being read, it waits: reading over that would throw away what is still coming in.
 */
export function useReadAgain(): () => void {
  const { revalidate, state: reading } = useRevalidator();
  const { state: going } = useNavigation();
  const isBusy = reading !== "idle" || going !== "idle";
  const busy = useRef(isBusy);
  const waits = useRef(false);
  const last = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const read = useCallback(() => {
    timer.current = undefined;
    waits.current = busy.current;
    if (busy.current) return;
    last.current = Date.now();
    void revalidate();
  }, [revalidate]);
  useEffect(() => {
    busy.current = isBusy;
    if (!isBusy && waits.current) read();
  }, [isBusy, read]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    if (timer.current !== undefined || waits.current) return;
    timer.current = setTimeout(read, Math.max(0, last.current + step - Date.now()));
  }, [read]);
}
