import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from "@prisma/driver-adapter-utils";
import pg from "pg";
import type { PostgresAsk } from "./postgres-connection";
import { adapterInTransaction } from "./savepoints";

const ADAPTER = { provider: "postgres", adapterName: "sluice-pg" } as const;

/** Prisma on whichever connection is free, for reading. More ids than a statement takes it reads in a transaction. */
export function postgresReadingAdapter(pool: pg.Pool, ask: PostgresAsk): SqlDriverAdapterFactory {
  const reading = Object.assign(poolOf(ask), { connect: () => pool.connect() });
  return { ...ADAPTER, connect: () => new PrismaPg(reading).connect() };
}

/** Prisma on a connection where Sluice has opened a transaction, so that the hot statements stand in it, too. */
export function postgresTransactionAdapter(ask: PostgresAsk): SqlDriverAdapterFactory {
  const run = async (text: string) => {
    await ask({ text });
  };
  return {
    ...ADAPTER,
    connect: async () => {
      const inside = await new PrismaPg(poolOf(ask)).connect();
      return adapterInTransaction({
        inside,
        outside: keepingTransaction(inside, run),
        run,
        getConnectionInfo: () => inside.getConnectionInfo(),
      });
    },
  };
}

/** Prisma's adapter takes a pool and asks it for nothing but statements. */
function poolOf(ask: PostgresAsk): pg.Pool {
  return Object.assign(new pg.Pool({ max: 1 }), { query: ask });
}

const WRITES = /^\s*(?:INSERT|UPDATE|DELETE)\b/i;

/** PostgreSQL ends a transaction with its first refused statement. A write has a savepoint to go back to. */
function keepingTransaction(
  inside: SqlQueryable,
  run: (text: string) => Promise<void>,
): Pick<SqlQueryable, "queryRaw" | "executeRaw"> {
  const guarded = async <T>(query: SqlQuery, work: () => Promise<T>): Promise<T> => {
    if (!WRITES.test(query.sql)) return work();
    await run("SAVEPOINT write");
    try {
      const result = await work();
      await run("RELEASE write");
      return result;
    } catch (thrown) {
      // On a connection that is gone there is nothing to go back to, and the reason is what counts.
      await run("ROLLBACK TO write; RELEASE write").catch(() => undefined);
      throw thrown;
    }
  };
  return {
    queryRaw: (query) => guarded(query, () => inside.queryRaw(query)),
    executeRaw: (query) => guarded(query, () => inside.executeRaw(query)),
  };
}
