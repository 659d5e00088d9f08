/** The attributes of every tag of one kind in a page; enough for forms of our own making. */
export function tagsIn(html: string, tag: string): Record<string, string>[] {
  const tags = html.match(new RegExp(`<${tag}\\b[^>]*>`, "g")) ?? [];
  return tags.map((text) => {
    const attributes = [...text.matchAll(/([a-z-]+)="([^"]*)"/gi)];
    return Object.fromEntries(attributes.map(([, name = "", value = ""]) => [name.toLowerCase(), unescape(value)]));
  });
}

/** The hidden fields of a page's form. */
export function hiddenFields(html: string): Record<string, string> {
  const hidden = tagsIn(html, "input").filter((input) => input.type === "hidden" && input.name);
  return Object.fromEntries(hidden.map((input) => [input.name ?? "", input.value ?? ""]));
}

function unescape(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
