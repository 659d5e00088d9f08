import { Trouble } from "../services/trouble.ts";

/** Reads flags such as `--smoke`; anything unknown is refused with the list of what there is. */
export function readFlags<Name extends string>(args: string[], known: Record<Name, string>): Record<Name, boolean> {
  const names = Object.keys(known) as Name[];
  const unknown = args.find((arg) => !names.some((name) => arg === `--${name}`));
  if (unknown !== undefined) {
    const list = names.map((name) => `--${name} (${known[name]})`).join(", ");
    throw new Trouble(`Unknown argument ${unknown}; there ${names.length === 1 ? "is" : "are"}: ${list || "none"}.`);
  }
  return Object.fromEntries(names.map((name) => [name, args.includes(`--${name}`)])) as Record<Name, boolean>;
}
