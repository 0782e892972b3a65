import type { Clock } from "@/lib/core/clock";
import type { Database } from "@/lib/db/database";
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

/** Stores in this thread. With PostgreSQL it is another process that does the work. */
export function localStores(args: { database: Database; destination: Destination; now: Clock }): BatchStores {
  return {
    open: (claimed, drainCost) => openBatchStore({ ...args, ...claimed, drainCost }),
    close: async () => {},
  };
}
