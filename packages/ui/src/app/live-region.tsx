import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";

const Announce = createContext<(text: string) => void>(() => {});

/** Says a sentence to screen readers when they are next idle; never moves focus. */
export const useAnnounce = (): ((text: string) => void) => useContext(Announce);

type Sentence = { id: number; text: string };

const gap = 1_000;
// A long queue is of no use to anybody: the newest few are kept.
const longest = 5;

/** One polite region per page. Sentences queue so that a burst is heard in order, not cut off by the next. */
export function LiveRegion({ children }: { children: ReactNode }) {
  const [queue, setQueue] = useState<Sentence[]>([]);
  const [spoken, setSpoken] = useState("");
  const count = useRef(0);
  const next = queue[0];

  useEffect(() => {
    if (next === undefined) return;
    setSpoken(next.text);
    const timer = setTimeout(() => setQueue((waiting) => waiting.filter((one) => one.id !== next.id)), gap);
    return () => clearTimeout(timer);
  }, [next]);

  const say = useCallback((text: string) => {
    const sentence = { id: count.current++, text };
    setQueue((waiting) => [...waiting.slice(0, 1), ...waiting.slice(1).slice(2 - longest), sentence]);
  }, []);

  return (
    <Announce.Provider value={say}>
      {children}
      <div role="status" aria-live="polite" className="sr-only" data-announcements>
        {spoken}
      </div>
    </Announce.Provider>
  );
}
