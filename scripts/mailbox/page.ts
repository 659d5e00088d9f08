import type { Attachment, Message, Summary } from "./store.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const safe = (text: string): string => text.replace(/[&<>"']/g, (mark) => entities[mark] ?? "");

const clock = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const when = (at: string): string => `<time datetime="${at}">${clock.format(new Date(at))}</time>`;

/** The whole page: the list, and beside it a message or a hint. */
export function page(list: Summary[], open: { id: string; title: string; body: string } | null): string {
  const hint = `<p class="hint">${list.length > 0 ? "Choose a mail." : "Mails that PulseCal sends in demo mode arrive here."}</p>`;
  return `<!doctype html>
<html lang="en"${open ? ' class="reading"' : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${open ? `${safe(open.title)} · Mailbox` : "Mailbox"}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/mailbox.css">
<script src="/mailbox.js" defer></script>
</head>
<body>
<header><h1><a href="/">Mailbox</a></h1><p id="state" role="status">Demo mails, on this computer only.</p></header>
<div class="columns">
<nav id="list" aria-label="Mails" data-open="${safe(open?.id ?? "")}">${listHtml(list, open?.id ?? null)}</nav>
<main>${open?.body ?? hint}</main>
</div>
</body>
</html>`;
}

/** The list alone, newest first; the page swaps it in when a mail arrives. */
export function listHtml(list: Summary[], open: string | null): string {
  if (list.length === 0) return `<p class="hint">No mail yet.</p>`;
  const rows = list.map((mail) => {
    const current = mail.id === open ? ' aria-current="page"' : "";
    return `<li><a href="/m/${safe(mail.id)}"${current}>
<span class="line"><span class="who">${safe(mail.to.join(", "))}</span>${when(mail.at)}</span>
<span class="subject">${safe(mail.subject)}</span>
<span class="from">from ${safe(mail.from.name || mail.from.address)}${mail.attachments ? ", with a file" : ""}</span>
</a></li>`;
  });
  return `<ol>${rows.join("\n")}</ol>`;
}

/** The page with one message open. */
export function messagePage(list: Summary[], message: Message): string {
  const facts = [
    ["From", `${message.from.name} <${message.from.address}>`],
    ["To", message.to.join(", ")],
    ["Message-ID", message.messageId],
  ].map(([label, value]) => `<dt>${label}</dt><dd>${safe(value ?? "")}</dd>`);
  const body = `<article>
<p class="back"><a href="/">All mails</a></p>
<h2>${safe(message.subject)}</h2>
<p>${when(message.at)}</p>
<dl>${facts.join("")}</dl>
${message.html ? `<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/api/messages/${safe(message.id)}/html"></iframe>` : ""}
<details${message.html ? "" : " open"}><summary>Plain text</summary><pre>${linked(message.text)}</pre></details>
${message.attachments.map(attachment).join("\n")}
<details><summary>Headers</summary><pre>${safe(message.headers.map((header) => `${header.key}: ${header.value}`).join("\n"))}</pre></details>
<p><a href="/api/messages/${safe(message.id)}/raw">Raw mail</a></p>
</article>`;
  return page(list, { id: message.id, title: message.subject, body });
}

function attachment(file: Attachment): string {
  const method = file.method ? `, ${file.method}` : "";
  return `<details><summary>${safe(file.filename ?? "file")} (${safe(file.mimeType + method)})</summary><pre>${safe(file.text)}</pre></details>`;
}

/** Escaped text whose web addresses can be followed. */
function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((piece, index) =>
      index % 2 ? `<a href="${safe(piece)}" target="_blank" rel="noopener">${safe(piece)}</a>` : safe(piece),
    )
    .join("");
}

export const script = `const list = document.getElementById("list");
const state = document.getElementById("state");
const said = state.textContent;
let ready = false;
async function show() {
  const answer = await fetch("/list?open=" + encodeURIComponent(list.dataset.open));
  if (answer.ok) list.innerHTML = await answer.text();
}
const news = new EventSource("/api/events");
news.addEventListener("now", () => { ready = true; state.textContent = said; show(); });
news.addEventListener("mail", () => { if (ready) show(); });
news.addEventListener("error", () => { ready = false; state.textContent = "The mailbox does not answer. This is how it looked last."; });
`;

export const styles = `:root { color-scheme: light dark; --surface: #F7F6F2; --raised: #FFFFFF; --sunken: #ECEAE2; --border: #D9D5C8;
  --text: #1A1F1C; --muted: #545950; --brand: #0B5943; --soft: #DCEDE4; --focus: #0B3BD1; }
@media (prefers-color-scheme: dark) { :root { --surface: #121614; --raised: #1B211E; --sunken: #0C0F0E; --border: #343C38;
  --text: #ECEFEA; --muted: #A9B3AC; --brand: #6ED0AC; --soft: #173A2E; --focus: #FFD166; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--surface); color: var(--text); font: 16px/24px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
a { color: var(--brand); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
header { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: baseline; padding: 16px; border-bottom: 1px solid var(--border); }
h1 { font-size: 20px; line-height: 28px; margin: 0; } h1 a { text-decoration: none; }
h2 { font-size: 24px; line-height: 32px; margin: 0; overflow-wrap: anywhere; }
header p, .from, time, dt, .hint { color: var(--muted); } header p { margin: 0; }
.columns { display: grid; grid-template-columns: minmax(300px, 380px) minmax(0, 1fr); }
nav { border-right: 1px solid var(--border); min-height: calc(100vh - 61px); }
ol { list-style: none; margin: 0; padding: 0; }
li a { display: block; padding: 12px 16px; border-bottom: 1px solid var(--border); color: var(--text); text-decoration: none; }
li a:hover { background: var(--sunken); } li a[aria-current] { background: var(--soft); box-shadow: inset 3px 0 var(--brand); }
.line { display: flex; gap: 12px; justify-content: space-between; font-size: 14px; line-height: 20px; }
.who { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .line time { white-space: nowrap; font-variant-numeric: tabular-nums; }
li span { display: block; } li .line { display: flex; } .line span { min-width: 0; }
.subject { font-weight: 600; overflow-wrap: anywhere; } .from { font-size: 14px; line-height: 20px; }
main { padding: 24px; min-width: 0; } .hint { padding: 16px; margin: 0; } .back { display: none; margin: 0 0 8px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; font-size: 14px; line-height: 20px; } dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 640px; border: 1px solid var(--border); border-radius: 8px; background: var(--surface); }
details { border: 1px solid var(--border); border-radius: 8px; background: var(--raised); margin: 12px 0; }
summary { padding: 12px 16px; cursor: pointer; } pre { margin: 0; padding: 0 16px 16px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px; }
@media (max-width: 800px) { .columns { grid-template-columns: minmax(0, 1fr); } nav { border: 0; min-height: 0; } main { padding: 16px; }
  .reading nav { display: none; } .reading .back { display: block; } html:not(.reading) main { display: none; } }
`;
