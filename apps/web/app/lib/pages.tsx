import { Skeleton } from "@pulsecal/ui/app";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation, useNavigation } from "react-router";

/** Moves focus to the heading of a page one went to, and shows its outline when it is slow to come. */
export function SlowPages({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [pathname]);

  const leaving = navigation.state === "loading" && navigation.location.pathname !== pathname;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!leaving) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), 200);
    return () => clearTimeout(timer);
  }, [leaving]);
  return (
    <>
      <div hidden={slow}>{children}</div>
      {slow ? <Skeleton rows={8} label="Loading the page" /> : null}
    </>
  );
}
