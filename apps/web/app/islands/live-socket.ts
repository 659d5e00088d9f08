/**
 * tRPC's subscription protocol, spoken by hand: the client library would be twenty times larger than this. A contract
 * test runs it against the real adapter.
 */
export type Subscription = {
  url: string;
  path: string;
  input: Record<string, unknown>;
  /** Resume point written into the page, so that nothing between the render and the socket is lost. */
  cursor: string | null;
  onData: (data: unknown) => void;
  /** True once messages can arrive, false when the line is gone. */
  onLine?: (up: boolean) => void;
  /** Milliseconds before attempt n; the tests shorten it. */
  wait?: (attempt: number) => number;
};

type Frame = {
  id?: number | null;
  method?: string;
  error?: { json?: { data?: { pulse?: { code?: string } } } };
  result?: { type?: string; id?: string; data?: { json?: { data?: unknown } } };
};

const FIRST = 500;
const LONGEST = 20_000;

/** A random share of a doubling wait: after a restart not everyone comes back in the same second. */
export function backoff(attempt: number): number {
  return Math.random() * Math.min(LONGEST, FIRST * 2 ** attempt) + 100;
}

/** Where the page's own host listens. */
export function socketUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
}

/** Subscribes and stays subscribed, from the last message seen, until stopped. */
export function subscribe(o: Subscription): { stop: () => void; wake: () => void } {
  const wait = o.wait ?? backoff;
  let cursor = o.cursor;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let stopped = false;

  const dial = () => {
    clearTimeout(timer);
    const ws = new WebSocket(o.url);
    socket = ws;
    ws.onopen = () => {
      const params = { path: o.path, input: { json: o.input }, ...(cursor ? { lastEventId: cursor } : {}) };
      ws.send(JSON.stringify({ id: 1, method: "subscription", params }));
    };
    ws.onmessage = (event) => {
      // An earlier socket may still deliver while a new one is being dialled.
      if (ws === socket) receive(ws, String(event.data));
    };
    ws.onclose = () => {
      if (ws === socket) redial();
    };
  };

  const receive = (ws: WebSocket, text: string) => {
    if (text === "PING") return ws.send("PONG");
    if (text === "PONG") return;
    const frame = JSON.parse(text) as Frame;
    if (frame.method === "reconnect") return ws.close();
    if (frame.error) return refused(ws, frame.error.json?.data?.pulse?.code);
    if (frame.result?.type === "started") {
      attempt = 0;
      o.onLine?.(true);
    }
    if (frame.result?.type === "stopped") return ws.close();
    if (frame.result?.type !== "data") return;
    if (frame.result.id) cursor = frame.result.id;
    o.onData(frame.result.data?.json?.data);
  };

  const refused = (ws: WebSocket, code: string | undefined) => {
    // A resume point from before a restart with new keys: start again from a snapshot.
    if (code === "cursor_invalid") cursor = null;
    // What is not there now will not be there in a second.
    if (code === "not_found" || code === "invalid" || code === "not_bookable") stopped = true;
    ws.close();
  };

  const redial = () => {
    socket = null;
    o.onLine?.(false);
    if (!stopped) timer = setTimeout(dial, wait(attempt++));
  };

  dial();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      socket?.close();
    },
    /** Dials at once when the line is down: the network or the page just came back. */
    wake: () => {
      if (!socket && !stopped) dial();
    },
  };
}
