import type { Clock } from "@/lib/core/clock";
import { SluiceError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/database";
import { isDatabaseInTrouble } from "@/lib/db/database-trouble";
import type { BatchLease } from "@/lib/db/sql/read-batches";
import type { RunCost } from "@/lib/db/sql/run-progress";
import type { Destination } from "@/lib/destination/destination";
import type { BatchStore } from "@/lib/sync/batch-store";
import type { RunSettings } from "@/lib/sync/scope";
import { openBatchStore } from "./batch-store";

/** The claim whose outcomes are stored, and what the connection's documents are made with. */
export type ClaimedBatch = { batch: BatchLease; settings: RunSettings };

/** Where what was read is stored: in this thread or in one beside it. */
export type BatchStores = {
  /** `drainCost` is what the reading has cost since its last call; it is written down with the batch's end. */
  open(claimed: ClaimedBatch, drainCost: () => RunCost): BatchStore;
  close(): Promise<void>;
};

/** Stores in this thread: where no core is left for another, and with PostgreSQL, a process that works by itself. */
export function localStores(args: { database: Database; destination: Destination; now: Clock }): BatchStores {
  return {
    open: (claimed, drainCost) => {
      const store = openBatchStore({ ...args, ...claimed, drainCost });
      return {
        ...store,
        recordOutcomes: (outcomes) =>
          store.recordOutcomes(outcomes).catch((thrown) => {
            throw isRefusal(thrown) ? refused(thrown) : thrown;
          }),
      };
    },
    close: async () => {},
  };
}

/** Whether something is wrong with what was to be stored. What has a code of ours tells what is wrong instead. */
function isRefusal(thrown: unknown): boolean {
  return !(thrown instanceof SluiceError) && !isDatabaseInTrouble(thrown);
}

function refused(cause: unknown): SluiceError {
  return new SluiceError({
    code: "destination",
    effect: "skip",
    message: "What was read of the object could not be stored; Sluice's log says why.",
    cause,
  });
}
