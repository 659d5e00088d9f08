import pg from "pg";
import { Prisma } from "../generated/client/client.ts";
import type { RawQuery, WriteOnce } from "./door-types.ts";
import { NoScopeError } from "./scope.ts";
import type { ScopedPool } from "./scoped-pool.ts";

type Statement = { text: string; name: string | undefined };
type Named = ((query: { sql: string }) => string) | undefined;

/** The columns whose values pg reads otherwise than Prisma does: bigint as BigInt, a date as midnight UTC. */
const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, BigInt],
  [pg.types.builtins.DATE, (text) => new Date(`${text}T00:00:00Z`)],
]);
const types = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    parsers.get(oid) ?? pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
};

/**
 * `$queryRaw` without Prisma's engine between the text and the connection, which costs more processor time than the
 * rest of a short query. The pool beneath is the same, so is the scope it demands.
 */
export function rawQueryOf(pool: ScopedPool, nameOf: Named): RawQuery {
  const known = new WeakMap<TemplateStringsArray, Statement>();

  function statementOf(strings: TemplateStringsArray, values: unknown[]): Statement & { values: unknown[] } {
    const found = known.get(strings);
    if (found) return { ...found, values };
    const query = Prisma.sql(strings, ...values);
    const statement = named(query.text);
    // A text put together from parts can differ from call to call.
    if (!values.some((value) => value instanceof Prisma.Sql)) known.set(strings, statement);
    return { ...statement, values: query.values };
  }

  function named(text: string): Statement {
    return { text, name: nameOf?.({ sql: text }) || undefined };
  }

  return {
    async $queryRaw<T>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<T> {
      const statement =
        query instanceof Prisma.Sql ? { ...named(query.text), values: query.values } : statementOf(query, values);
      const { rows } = await pool.query({ ...statement, types });
      return rows as T;
    },
  };
}

/** One query, then none: a second one would be a transaction of its own while it looks like part of the first. */
export function justOnce(raw: RawQuery): WriteOnce {
  let used = false;
  return {
    async $queryRaw<T>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): Promise<T> {
      if (used) throw new NoScopeError("A second statement in writeOnce: use withTx.");
      used = true;
      return raw.$queryRaw<T>(query, ...values);
    },
  };
}
