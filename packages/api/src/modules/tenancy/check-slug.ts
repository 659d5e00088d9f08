import { checkSlug, slugIdeas } from "@pulsecal/core";
import type { Database } from "@pulsecal/db";
import { takenSlugs } from "./clinic.repo.ts";

export type SlugAnswer = {
  free: boolean;
  why?: "too_short" | "too_long" | "characters" | "reserved" | "taken";
  ideas: string[];
};

/** Whether an address can be had, and if not, three that can. */
export async function answerSlug(db: Database, raw: string, name?: string): Promise<SlugAnswer> {
  const checked = checkSlug(raw);
  if (!checked.ok) return { free: false, why: checked.why, ideas: await freeIdeas(db, name ?? raw) };
  const taken = await takenSlugs(db, [checked.slug]);
  if (!taken.has(checked.slug)) return { free: true, ideas: [] };
  return { free: false, why: "taken", ideas: await freeIdeas(db, name ?? raw) };
}

/** Asks the database about three ideas at a time, until three are free. */
export async function freeIdeas(db: Database, name: string): Promise<string[]> {
  const taken = new Set<string>();
  for (let round = 0; round < 10; round++) {
    const ideas = slugIdeas(name, (slug) => taken.has(slug));
    const used = await takenSlugs(db, ideas);
    if (used.size === 0) return ideas;
    for (const slug of used) taken.add(slug);
  }
  return [];
}
