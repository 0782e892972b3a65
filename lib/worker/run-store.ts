import type { Clock } from "@/lib/core/clock";
import type { Database, Tx } from "@/lib/db/database";
import { demandLease, type RunLease } from "@/lib/db/sql/run-fence";
import type { Destination } from "@/lib/destination/destination";
import type { RunKind } from "@/lib/rules/run-status";
import type { RunStore } from "@/lib/sync/run-store";
import type { RunSettings } from "@/lib/sync/scope";
import type { BatchQueue } from "./batch-queue";
import { absenceStore } from "./run-store-absence";
import { listingStore } from "./run-store-listing";
import { planStore } from "./run-store-plan";
import { queueStore, type ReadPositions } from "./run-store-queue";

/** What the parts of a run's store share. */
export type RunStoreContext = {
  lease: RunLease;
  kind: RunKind;
  settings: RunSettings;
  /** The run whose plan is applied. */
  planRunId: string | null;
  destination: Destination;
  queue: BatchQueue;
  positions: ReadPositions;
  now: Clock;
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * A fenced transaction: rejects with `lease_lost` and writes nothing once the claim is gone. Once the run's signal is
   * aborted it rejects with that reason, so that no walk over many keys goes on.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

/** The database as one run sees it. Sync state and documents change in the same transactions. */
export function openRunStore(args: {
  database: Database;
  destination: Destination;
  queue: BatchQueue;
  lease: RunLease;
  kind: RunKind;
  settings: RunSettings;
  planRunId: string | null;
  now: Clock;
  signal: AbortSignal;
}): RunStore {
  const { database, signal, ...rest } = args;
  const context: RunStoreContext = {
    ...rest,
    positions: { next: null },
    read: database.reading,
    write: (work) =>
      database.transaction(async (tx) => {
        signal.throwIfAborted();
        await demandLease(tx, args.lease);
        return work(tx);
      }),
  };
  return {
    ...listingStore(context),
    ...queueStore(context),
    ...planStore(context),
    ...absenceStore(context),
  };
}
