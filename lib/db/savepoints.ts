import type { SqlDriverAdapter, SqlQueryable, Transaction } from "@prisma/driver-adapter-utils";

/** One connection on which a transaction is open. */
export type OpenTransaction = {
  /** Statements within a savepoint that Prisma has started. */
  inside: SqlQueryable;
  /** Statements outside of one. What is refused here undoes itself, and the transaction goes on. */
  outside: Pick<SqlQueryable, "queryRaw" | "executeRaw">;
  /** Statements that give no rows. */
  run(sql: string): Promise<void>;
  getConnectionInfo?: SqlDriverAdapter["getConnectionInfo"];
};

/**
 * Lets Prisma work in a transaction that Sluice has opened. One that Prisma starts by itself, for a nested write,
 * becomes a savepoint.
 *
 * Savepoints are a stack, so two at once would end each other, and a write between would be undone with a savepoint
 * that is none of its business. So each of them, and each statement outside, has the connection to itself.
 */
export function adapterInTransaction(transaction: OpenTransaction): SqlDriverAdapter {
  const { inside, outside, run } = transaction;
  const { provider, adapterName } = inside;
  const takeTurn = turnTaker();
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    const ended = await takeTurn();
    return work().finally(ended);
  };
  return {
    provider,
    adapterName,
    queryRaw: (query) => alone(() => outside.queryRaw(query)),
    executeRaw: (query) => alone(() => outside.executeRaw(query)),
    executeScript: (script) => alone(() => run(script)),
    startTransaction: async () => openSavepoint(inside, run, await takeTurn()),
    ...(transaction.getConnectionInfo && { getConnectionInfo: transaction.getConnectionInfo }),
    // The connection outlives the client; whoever opened it closes it.
    dispose: async () => {},
  };
}

/** Resolves when everyone who asked before has ended; the caller says when it has. */
function turnTaker(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    let ended = () => {};
    last = new Promise((resolve) => {
      ended = resolve;
    });
    await before;
    return ended;
  };
}

let savepoints = 0;

async function openSavepoint(
  inside: SqlQueryable,
  run: OpenTransaction["run"],
  ended: () => void,
): Promise<Transaction> {
  savepoints += 1;
  const name = `prisma_${savepoints}`;
  const end = (sql: string) => run(sql).finally(ended);
  try {
    await run(`SAVEPOINT ${name}`);
  } catch (thrown) {
    ended();
    throw thrown;
  }
  return {
    provider: inside.provider,
    adapterName: inside.adapterName,
    queryRaw: (query) => inside.queryRaw(query),
    executeRaw: (query) => inside.executeRaw(query),
    options: { usePhantomQuery: true },
    commit: () => end(`RELEASE ${name}`),
    rollback: () => end(`ROLLBACK TO ${name}; RELEASE ${name}`),
    createSavepoint: (inner) => run(`SAVEPOINT ${inner}`),
    rollbackToSavepoint: (inner) => run(`ROLLBACK TO ${inner}`),
    releaseSavepoint: (inner) => run(`RELEASE ${inner}`),
  };
}
