import { AsyncLocalStorage } from "node:async_hooks";
import type { Database } from "@/lib/db/database";
import type { ObjectSource } from "@/lib/source/source";

/** Tells which calls of a bucket are made while a transaction of the caller is open. */
export type NetworkFence = {
  /** The same database, whose transactions the fence knows. */
  watched(database: Database): Database;
  /** The bucket that is present when it is asked. Its answers are not touched. */
  source(present: () => ObjectSource): ObjectSource;
  /** Throws for the first call that was made inside a transaction, with the place it was made at. */
  demandNoneInside(): void;
};

/** One for all fences: each costs every promise that is made after it, for as long as the process lives. */
const inside = new AsyncLocalStorage<{ isOpen: boolean }>();

export function openNetworkFence(): NetworkFence {
  const calls: Error[] = [];
  const note = (what: string) => {
    if (inside.getStore()?.isOpen) calls.push(new Error(`A transaction held a network call: ${what}.`));
  };
  return {
    watched: (database) => ({
      ...database,
      transaction: (work) =>
        database.transaction(async (tx) => {
          const transaction = { isOpen: true };
          try {
            return await inside.run(transaction, () => work(tx));
          } finally {
            // What it has begun, and has not waited for, may ask once it is over.
            transaction.isOpen = false;
          }
        }),
    }),
    source: (present) => ({
      listPage: (args) => {
        note(`a page of ${JSON.stringify(args.prefix)}`);
        return present().listPage(args);
      },
      read: (args) => {
        note(`the object ${args.object.key}`);
        return present().read(args);
      },
      findings: () => present().findings(),
      close: () => present().close(),
    }),
    demandNoneInside: () => {
      const [first] = calls;
      if (first !== undefined) throw first;
    },
  };
}
