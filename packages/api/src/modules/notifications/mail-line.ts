/** C0, C1, line and paragraph separators, and the marks that reorder text. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * One line of a person's or clinic's own words, safe to stand in a header, a calendar field or a sentence:
 * no line breaks, no reordering marks, no links that a mail program would make clickable.
 */
export function mailLine(text: string, most = 120): string {
  const line = text
    .replace(unprintable, " ")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\//giu, "")
    .replace(/\bwww\./giu, "")
    .replace(/\s+/gu, " ")
    .trim();
  return Array.from(line).slice(0, most).join(""); // by code point: a cut must not halve a letter
}

/** A single address that fits an SMTP envelope: no quotes, lists, comments or line breaks. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s<>()[\]\\,;:"@\p{Cc}]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/iu.test(text);
}
