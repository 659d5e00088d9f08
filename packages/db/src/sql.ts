import { Prisma } from "../generated/client/client.ts";

/** Parts of a raw query; values always travel as parameters. `Prisma.raw` is left out on purpose. */
export const sql = Prisma.sql;
export const join = Prisma.join;
export const empty = Prisma.empty;
