import { type LiveState, useAnnounce } from "@pulsecal/ui/app";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useRevalidator } from "react-router";
import { type ApiClient, useTRPCClient } from "./trpc-in-browser.tsx";

/** Every live event names its kind and moment; the rest is the face's own. */
export type LiveEvent = { type: string; at?: Date };
type Handlers<E> = {
  onData: (envelope: { id: string; data: E }) => void;
  onStarted: () => void;
  onConnectionStateChange: (change: { state: string }) => void;
  onError: (error: { data?: { code?: string } | null | undefined }) => void;
};

/** How a face subscribes. Must be the same function on every render. */
export type LiveSource<E> = (
  client: ApiClient,
  lastEventId: string | undefined,
  handlers: Handlers<E>,
) => { unsubscribe: () => void };

type Listener = (event: LiveEvent) => void;
type Live = {
  state: LiveState;
  /** The last moment this page was known to be right. */
  asOf: number | null;
  /** Grows when everything on screen has to be read again. */
  epoch: number;
  listen: (listener: Listener) => () => void;
};

const LiveContext = createContext<Live>({ state: "connecting", asOf: null, epoch: 0, listen: () => () => {} });

// Replayed events arrive at once after a reconnect; when they have been quiet this long the count is complete.
const quiet = 600;
const offlineAfter = 10_000;
const retryAfter = 2_000;

/**
 * Keeps one subscription for the whole face and hands its events to whoever listens. It never moves focus; after a gap
 * it says once how much changed.
 */
export function LiveProvider<E extends LiveEvent>({
  source,
  children,
}: {
  source: LiveSource<E>;
  children: ReactNode;
}) {
  const client = useTRPCClient();
  const revalidator = useRevalidator();
  const announce = useAnnounce();
  const [state, setState] = useState<LiveState>("connecting");
  const [asOf, setAsOf] = useState<number | null>(null);
  const [epoch, setEpoch] = useState(0);
  const listeners = useRef(new Set<Listener>());

  // The subscription outlives renders, so it reads the newest functions from here.
  const tools = useRef({ revalidate: revalidator.revalidate, announce });
  useEffect(() => {
    tools.current = { revalidate: revalidator.revalidate, announce };
  });

  useEffect(() => {
    let last: string | undefined;
    let subscription: { unsubscribe: () => void } | undefined;
    let connected = false;
    let startedBefore = false;
    let missed: number | null = null;
    let ended = false;
    const timers = new Map<"offline" | "counted" | "retry", ReturnType<typeof setTimeout>>();
    const after = (name: "offline" | "counted" | "retry", ms: number, then: () => void) => {
      clearTimeout(timers.get(name));
      timers.set(name, setTimeout(then, ms));
    };

    const readAgain = () => {
      setEpoch((value) => value + 1);
      void tools.current.revalidate();
    };
    const lost = () => {
      if (connected) setAsOf(Date.now());
      connected = false;
      if (!startedBefore) return;
      missed = 0;
      clearTimeout(timers.get("counted"));
      setState(navigator.onLine ? "reconnecting" : "offline");
      after("offline", offlineAfter, () => setState("offline"));
    };
    const sayWhatChanged = () => {
      const count = missed ?? 0;
      missed = null;
      tools.current.announce(
        `Back online. ${count === 0 ? "Nothing changed." : count === 1 ? "1 change." : `${count} changes.`}`,
      );
    };
    const sayReadAgain = () => {
      missed = null;
      tools.current.announce("Back online. This page is up to date.");
    };
    const started = () => {
      clearTimeout(timers.get("offline"));
      connected = true;
      setState("live");
      setAsOf(null);
      if (missed !== null) after("counted", quiet, last === undefined ? sayReadAgain : sayWhatChanged);
      startedBefore = true;
    };

    const start = () => {
      subscription = source(client, last, {
        onStarted: started,
        onConnectionStateChange: ({ state: next }) => {
          if (next === "connecting" && connected) lost();
        },
        onData: ({ id, data }) => {
          if (!connected) started();
          last = id;
          if (data.type === "resync") {
            readAgain();
            if (missed !== null) after("counted", quiet, sayReadAgain);
            return;
          }
          if (missed !== null) {
            missed += 1;
            after("counted", quiet, sayWhatChanged);
          }
          for (const listener of listeners.current) listener(data);
        },
        onError: (error) => {
          lost();
          subscription?.unsubscribe();
          // Signed out elsewhere: reading the page again leads to the sign-in page.
          if (error.data?.code === "UNAUTHORIZED") return readAgain();
          // A place in the stream that is too old or of another key: begin anew, and read everything again.
          if (error.data?.code === "BAD_REQUEST") last = undefined;
          if (last === undefined) startedBefore = false;
          if (!ended) after("retry", retryAfter * (0.5 + Math.random()), start);
        },
      });
    };

    const offline = () => lost();
    const online = () => {
      if (connected || !startedBefore) return;
      setState("reconnecting");
      // The socket may have outlived the gap or not: asking again from the last number is right in both cases.
      subscription?.unsubscribe();
      start();
    };
    window.addEventListener("offline", offline);
    window.addEventListener("online", online);
    start();
    return () => {
      ended = true;
      subscription?.unsubscribe();
      for (const timer of timers.values()) clearTimeout(timer);
      window.removeEventListener("offline", offline);
      window.removeEventListener("online", online);
    };
  }, [client, source]);

  const live = useMemo<Live>(
    () => ({
      state,
      asOf,
      epoch,
      listen: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [state, asOf, epoch],
  );
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

/** The state of the live connection, for badges and for words about why something waits. */
export const useLiveState = (): Live => useContext(LiveContext);

/** Calls back for every live event of this face while the component is on screen. */
export function useLiveEvents<E extends LiveEvent>(onEvent: (event: E) => void): void {
  const { listen } = useContext(LiveContext);
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  // The provider and its listeners belong to one face, whose events are all of this one type.
  useEffect(() => listen((event) => latest.current(event as E)), [listen]);
}

/** The time, renewed every so often; starts with the server's so that both draw the same page. */
export function useNow(fromServer: number, every = 30_000): number {
  const [now, setNow] = useState(fromServer);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** False on the server and during hydration, true once the page can react. */
export function useHydrated(): boolean {
  const [hydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return hydrated;
}
