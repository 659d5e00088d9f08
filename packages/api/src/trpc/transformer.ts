import superjson from "superjson";

/** What superjson writes: the plain value, and beside it which places held what JSON has no word for. */
type Written = ReturnType<typeof superjson.serialize>;

const dateMark: [string] = ["Date"];
const undefinedMark: [string] = ["undefined"];
const hard = Symbol("for superjson");
/** No answer is deeper; a value that holds itself ends here. */
const deepest = 24;

/** Answers that are handed out again, with what was written of them. */
const kept = new WeakMap<object, Written | null>();

/** Says that an answer will be handed out again and never changed: it is written once. */
export function keepWritten<T extends object>(answer: T): T {
  kept.set(answer, null);
  return answer;
}

function serialize(value: unknown): Written {
  if (typeof value !== "object" || value === null || !kept.has(value)) return write(value);
  const before = kept.get(value);
  if (before) return before;
  const written = write(value);
  kept.set(value, written);
  return written;
}

/**
 * superjson's format, written in one pass for what our answers are made of: plain objects, lists, texts, numbers, dates.
 * superjson's own walk keeps a path and an identity for every value, which costs more than the rest of a short answer.
 * Anything else goes to superjson itself. One thing is left out: that two places held the very same object; the reader
 * then gets two equal ones.
 */
function write(value: unknown): Written {
  if (typeof value !== "object" || value === null || value instanceof Date) return superjson.serialize(value);
  const marks: Record<string, [string]> = {};
  const json = plain(value, "", marks);
  if (json === hard) return superjson.serialize(value);
  return (Object.keys(marks).length > 0 ? { json, meta: { values: marks, v: 1 } } : { json }) as Written;
}

/** The value as JSON has it, with its marks noted under their paths; `hard` where superjson must say. */
function plain(value: unknown, path: string, marks: Record<string, [string]>, depth = 0): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // JSON has no NaN, no Infinity and no -0
      return Number.isFinite(value) && !Object.is(value, -0) ? value : hard;
    case "undefined":
      marks[path] = undefinedMark;
      return null;
    case "object":
      return value === null ? null : plainObject(value, path, marks, depth);
    default:
      return hard;
  }
}

function plainObject(value: object, path: string, marks: Record<string, [string]>, depth: number): unknown {
  if (depth > deepest) return hard;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return hard;
    marks[path] = dateMark;
    return value.toISOString();
  }
  const prefix = path === "" ? "" : `${path}.`;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      const item = plain(value[i], `${prefix}${i}`, marks, depth + 1);
      if (item === hard) return hard;
      list.push(item);
    }
    return list;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return hard;
  const out: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (isHardName(name)) return hard;
    const item = plain(field, prefix + name, marks, depth + 1);
    if (item === hard) return hard;
    out[name] = item;
  }
  return out;
}

/** Names that paths escape, or that superjson refuses. */
function isHardName(name: string): boolean {
  return (
    name === "" ||
    name.includes(".") ||
    name.includes("\\") ||
    name === "__proto__" ||
    name === "constructor" ||
    name === "prototype"
  );
}

/** JSON can write a NUL and half of a character (a lone surrogate); PostgreSQL keeps neither, whatever the field. */
const unstorable = /\0/g;

/** What was sent, every text of it one that the database can keep. Deeper than any input of ours nothing is looked at. */
function storable(json: unknown, depth = 0): unknown {
  if (typeof json === "string") return json.toWellFormed().replace(unstorable, "");
  if (typeof json !== "object" || json === null || depth > deepest) return json;
  if (Array.isArray(json)) return json.map((item) => storable(item, depth + 1));
  return Object.fromEntries(Object.entries(json).map(([name, field]) => [name, storable(field, depth + 1)]));
}

function deserialize(written: Written): unknown {
  return superjson.deserialize({ ...written, json: storable(written.json) as Written["json"] });
}

/** What goes over the wire, both ways; any superjson at the other end understands it. */
export const transformer = { serialize, deserialize };
