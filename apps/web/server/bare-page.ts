import bareCss from "../app/bare.css?inline";

const PAGES = {
  403: ["This form came from somewhere else", "Open the page again and send it from there."],
  404: ["This page is not here", "The address may be mistyped, or the page has moved."],
  405: ["This cannot be done here", "Go back and try the page's own buttons."],
  413: ["That is too much text at once", "Go back, shorten it and send it again."],
  500: ["Something failed on our side", "Nothing you did caused it. Try again in a minute."],
  503: ["We cannot answer right now", "Nothing is lost. Try again in a minute."],
} as const;

export type BareStatus = keyof typeof PAGES;

/** A page that needs nothing: no route, no stylesheet, no script. For hosts and errors no face can answer. */
export function barePage(status: BareStatus, nonce: string, home?: string): Response {
  const [title, text] = PAGES[status];
  const link = home ? `<p><a href="${home}">Go to PulseCal</a></p>` : "";
  const html = `<!doctype html><html lang="en-ZA"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style nonce="${nonce}">${bareCss}</style></head><body><main class="bare"><p class="bare-mark">PulseCal</p><h1>${title}</h1><p>${text}</p>${link}</main></body></html>`;
  return new Response(html, { status, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
