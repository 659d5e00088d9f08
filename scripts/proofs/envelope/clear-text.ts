import type { TestDatabase } from "@pulsecal/db/testing";

const everyTable = `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'`;

/**
 * Looks for words in every row of every table, as they are, as the hex PostgreSQL shows bytes in, and in base64; returns
 * how many looks there were and where something was found. As the superuser, past row security.
 */
export async function findInClear(t: TestDatabase, words: string[]): Promise<{ looks: number; found: string[] }> {
  const needles = words.flatMap((word) => [word, Buffer.from(word).toString("hex"), ...inBase64(word)]);
  const tables = (await t.admin(everyTable)).map((row) => String(row["name"]));
  const found: string[] = [];
  for (const table of tables) {
    const rows = await t.admin(
      `SELECT DISTINCT needle FROM ${table} t, unnest($1::text[]) AS needle WHERE position(lower(needle) IN lower(t::text)) > 0`,
      [needles],
    );
    found.push(...rows.map((row) => `${table}: ${String(row["needle"])}`));
  }
  return { looks: tables.length * needles.length, found };
}

/** A text inside a longer one has three looks in base64; the letters at its edges mix with its neighbours'. */
function inBase64(word: string): string[] {
  return [0, 1, 2].map((shift) =>
    Buffer.from(`${" ".repeat(shift)}${word}`)
      .toString("base64")
      .replace(/=+$/, "")
      .slice(shift + 1, -1),
  );
}
