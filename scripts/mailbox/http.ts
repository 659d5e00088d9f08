import type { IncomingMessage, ServerResponse } from "node:http";
import { listHtml, messagePage, page, script, styles } from "./page.ts";
import type { Message, Store, Summary } from "./store.ts";

// Mails are strangers' HTML: no scripts, no loading from elsewhere; links open in a tab of their own.
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const pagePolicy =
  "default-src 'none'; img-src data:; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Reply = { status: number; type: string; body: string; policy?: string };

/** Answers one request of the mailbox's page or API. */
export function answer(store: Store, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://mailbox");
  if (!isLoopback(request.headers.host)) return send(response, text(403, "This mailbox answers on localhost only."));
  if (request.method !== "GET" && request.method !== "HEAD") return send(response, text(405, "Only GET."));
  if (url.pathname === "/api/events") return stream(store, url.searchParams.get("to"), response);
  send(response, route(store, url));
}

/** A page elsewhere may point its own name at 127.0.0.1 (DNS rebinding); the Host header gives it away. */
function isLoopback(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? "");
}

function route(store: Store, url: URL): Reply {
  const [, first = "", second = "", third = "", fourth = ""] = url.pathname.split("/");
  if (first === "") return html(page(store.list(), null));
  if (first === "health") return json({ ready: true, messages: store.list().length });
  if (first === "list") return html(listHtml(store.list(), url.searchParams.get("open")));
  if (first === "mailbox.css") return { status: 200, type: "text/css", body: styles };
  if (first === "mailbox.js") return { status: 200, type: "text/javascript", body: script };
  if (first === "m") return withMessage(store, second, (message) => html(messagePage(store.list(), message)));
  if (first === "api" && second === "messages" && !third)
    return json(store.list(url.searchParams.get("to") ?? undefined));
  if (first === "api" && second === "messages") return withMessage(store, third, (message) => part(message, fourth));
  return text(404, "Nothing here.");
}

function withMessage(store: Store, id: string, reply: (message: Message) => Reply): Reply {
  const message = store.find(id);
  return message ? reply(message) : text(404, "No such mail. The mailbox keeps the last 500.");
}

function part(message: Message, which: string): Reply {
  const { raw, ...shown } = message;
  if (which === "") return json(shown);
  if (which === "raw") return text(200, raw);
  if (which === "html") return { status: 200, type: "text/html", body: message.html, policy: mailPolicy };
  return text(404, "Nothing here.");
}

/** Server-sent events: first every mail that is here (oldest first), then each new one. */
function stream(store: Store, to: string | null, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const write = (mail: Summary) => {
    if (!to || mail.to.includes(to.toLowerCase())) response.write(`event: mail\ndata: ${JSON.stringify(mail)}\n\n`);
  };
  store.list().reverse().forEach(write);
  response.write("event: now\ndata: {}\n\n");
  response.once("close", store.watch(write));
}

const html = (body: string): Reply => ({ status: 200, type: "text/html", body, policy: pagePolicy });
const json = (body: unknown): Reply => ({ status: 200, type: "application/json", body: JSON.stringify(body) });
const text = (status: number, body: string): Reply => ({ status, type: "text/plain", body });

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    "content-type": `${reply.type}; charset=utf-8`,
    "content-security-policy": reply.policy ?? "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  });
  response.end(reply.body);
}
