import { type Database, sql } from "@pulsecal/db";

/** A value's place in a statement while its text is one string. */
const place = "\u0001";

/** `b.clinic_id = $1::uuid` and `b.clinic_id = q.clinic`: what keeps a statement to one clinic by itself. */
const filter = new RegExp(`\\b((?:\\w+\\.)?clinic_id) = (${place}::uuid|\\w+\\.clinic\\b)`, "g");

/**
 * A mistake on purpose: a build whose raw statements all forgot to name their clinic, so that row security is all that
 * is left between clinics.
 */
export function withoutFilters(db: Database): Database {
  return {
    ...db,
    withTenant: (context, fn) => db.withTenant(context, (members) => fn(forgetful(members))),
    withTx: (context, fn, options) => db.withTx(context, (tx) => fn(forgetful(tx)), options),
    writeOnce: (context, fn) => db.writeOnce(context, (once) => fn(forgetful(once))),
    close: async () => undefined, // by whoever opened it
  };
}

type Ask = (query: TemplateStringsArray | Statement, ...values: unknown[]) => unknown;
type Statement = ReturnType<typeof sql>;

function forgetful<Members extends object>(members: Members): Members {
  const own = Object.create(members) as Members;
  for (const name of ["$queryRaw", "$executeRaw"]) {
    const ask = (members as Record<string, Ask | undefined>)[name];
    if (!ask) continue;
    const value: Ask = (query, ...values) => {
      const { strings, values: flat } = "strings" in query ? query : sql(query, ...values);
      return ask(sql(strings.join(place).replace(filter, "$1 = coalesce($1, $2)").split(place), ...flat));
    };
    Object.defineProperty(own, name, { value });
  }
  return own;
}
