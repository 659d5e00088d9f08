import type { Cells, Done } from "./registers.ts";

/** A history with something untrue in it that cannot be explained, and what that is. */
export type Lie = { what: string; history: Done[] };

/** The lies that can be told of a history that ends with a look; none may pass for legal. */
export function liesAbout(history: readonly Done[]): Lie[] {
  const standing = history.find(isLeftAlone(history));
  const last = history.findLast(({ did }) => did.what === "look");
  if (standing?.did.what !== "take" || last?.did.what !== "look") return [];
  const { who, cells } = standing.did;
  const end = Math.max(...history.map(({ returned }) => (returned === Infinity ? 0 : returned)));
  const covered = last.did.kinds.findIndex((kind) => overlap(kind, cells));
  const later = { invoked: end + 1, returned: end + 2 };
  return [
    {
      what: "two people were told yes for one time",
      history: [...history, { ...standing, did: { ...standing.did, who: "liar" } }],
    },
    {
      what: "a page shows a time as free that is booked",
      history: [...history, { did: { ...last.did, offered: new Set([...last.did.offered, covered]) }, ...later }],
    },
    {
      what: "a booking is gone that nobody took away",
      history: [...history, { did: { what: "cancel", who, end: "gone" }, ...later }],
    },
  ];
}

const overlap = (a: Cells, b: Cells): boolean => a.from < b.to && b.from < a.to;

/** A booking that was taken and that nobody did anything to after. */
function isLeftAlone(history: readonly Done[]): (one: Done) => boolean {
  const touched = new Set(history.flatMap(({ did }) => (did.what === "take" || did.what === "look" ? [] : [did.who])));
  return ({ did }) => did.what === "take" && did.end === "ok" && !touched.has(did.who);
}
