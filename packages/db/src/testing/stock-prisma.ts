import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "../../generated/client/client.ts";
import { rolePassword } from "../role-password.ts";
import type { TestDatabase } from "./test-database.ts";

/** Prisma without this package: what its manual shows, to measure ours against. */
export type StockPrisma = {
  /** The manual's way to row security: an interactive transaction whose first query sets the context. */
  inTransaction<T>(clinicId: string, fn: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T>;
  /** A login that row security does not hold, and no transaction: the least a Prisma query can cost. */
  unscoped: PrismaClient;
  close(): Promise<void>;
};

/** Opens both on a test database. Only the plain queries have named statements, as ours have: the manual has none. */
export function openStockPrisma(t: TestDatabase): StockPrisma {
  const names = new Map<string, string>();
  const statementNameGenerator = ({ sql }: { sql: string }): string => {
    const name = names.get(sql) ?? `s${names.size}`;
    names.set(sql, name);
    return name;
  };
  const unscoped = new PrismaClient({
    adapter: new PrismaPg({ connectionString: t.adminUrl, max: 10 }, { statementNameGenerator }),
  });
  const login = new URL(t.adminUrl);
  [login.username, login.password] = ["app_rt", rolePassword(t.roleSecret, "app_rt")];
  const held = new PrismaClient({ adapter: new PrismaPg({ connectionString: login.href, max: 10 }) });
  return {
    unscoped,
    inTransaction: (clinicId, fn) =>
      held.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT set_config('app.clinic_id', ${clinicId}, true)`;
        return fn(tx);
      }),
    close: async () => {
      await Promise.all([unscoped.$disconnect(), held.$disconnect()]);
    },
  };
}
