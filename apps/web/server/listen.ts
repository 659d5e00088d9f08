import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { newNonce, securityHeaders } from "./security-headers.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

const METHODS = new Set(["GET", "HEAD", "POST"]);
const HOST = /^(?:[a-z0-9.-]{1,253}|\[::1\])(?::\d{1,5})?$/i;

/** The http server, with what must be refused before a Request can even be made of it. */
export function httpServer(scheme: "http" | "https", listener: Listener): Server {
  return createServer({ requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 }, (req, res) => {
    if (!METHODS.has(req.method ?? ""))
      return refuse(res, scheme, 405, "Method not allowed", { Allow: "GET, HEAD, POST" });
    if (!HOST.test(req.headers.host ?? "")) return refuse(res, scheme, 400, "Bad host");
    return listener(req, res);
  });
}

/** Starts listening, or says in one sentence which setting to change. */
export function listen(server: Server, port: number, bind: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? `Port ${port} is in use; set PORT to a free one.` : error.message;
      reject(new Error(why));
    });
    server.listen(port, bind, resolve);
  });
}

/**
 * Goes on answering until nobody has come for `quietMs`, but no longer than `mostMs`. Whoever is answered is told to
 * come back on another connection, and a balancer that asks for readiness sends people elsewhere meanwhile. Closing at
 * once would reset the connections that the system has taken and this process has not looked at yet.
 */
export function untilQuiet(server: Server, o: { quietMs: number; mostMs: number }): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(quiet);
      clearTimeout(most);
      resolve();
    };
    const most = setTimeout(done, o.mostMs);
    const quiet = setTimeout(done, o.quietMs);
    // Before the answer is written, so that it says so.
    server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
      response.setHeader("Connection", "close");
      if (!request.url?.startsWith("/health")) quiet.refresh();
    });
  });
}

/** Stops accepting, lets open requests finish until the deadline, then cuts what is left. */
export async function closeGently(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Those that are kept alive after their last answer would hold the server until the deadline.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

function refuse(
  res: ServerResponse,
  scheme: "http" | "https",
  status: number,
  text: string,
  extra: Record<string, string> = {},
): void {
  res.writeHead(status, {
    ...securityHeaders(newNonce(), scheme),
    ...extra,
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    Connection: "close",
  });
  res.end(text);
}
