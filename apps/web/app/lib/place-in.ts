type Groups = readonly { items: readonly { href: string }[] }[];

/**
 * The address of the navigation's item that a page belongs to: the page itself, or the nearest one above it. The first
 * item is the face's own front page, which is above everything and says nothing. Empty when the page belongs to none.
 */
export function placeIn(groups: Groups, pathname: string): string {
  const page = pathname === "/" ? pathname : pathname.replace(/\/$/, "");
  const [front = "", ...others] = groups.flatMap(({ items }) => items.map(({ href }) => href));
  if (page === front) return front;
  const above = others.filter((href) => page === href || page.startsWith(`${href}/`));
  return above.toSorted((a, b) => b.length - a.length)[0] ?? "";
}
