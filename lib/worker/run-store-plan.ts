import { endOfPrefix } from "@/lib/core/bytes-order";
import {
  clearUnplannedMarks,
  countPlannedRemovals,
  holdPlannedRemovals,
  planOutOfPrefix,
  readPlannedRows,
  recordPlannedRows,
} from "@/lib/db/sql/plans";
import { advanceRange, countRun } from "@/lib/db/sql/run-records";
import type { RunStore } from "@/lib/sync/run-store";
import type { RunStoreContext } from "./run-store";
import { markListed } from "./run-store-listing";

type PlanPart = Pick<
  RunStore,
  "recordPlanned" | "readPlanned" | "closePlan" | "holdPlanned" | "unmarkUnplanned"
>;

/** What writing a plan down, and applying one, need. */
export function planStore(context: RunStoreContext): PlanPart {
  const { lease, settings, planRunId, read, write, now } = context;
  const isKeeping = settings.deletionPolicy === "keep";
  return {
    recordPlanned: ({ range, counts, changes }) =>
      write(async (tx) => {
        const lines = isKeeping ? changes.filter(({ kind }) => kind !== "removed") : changes;
        await recordPlannedRows(tx, lease.runId, lines, now());
        await advanceRange(tx, lease.runId, range, counts);
      }),
    readPlanned: (range) =>
      planRunId === null ? Promise.resolve([]) : read((tx) => readPlannedRows(tx, planRunId, range)),
    closePlan: (prefix) =>
      write(async (tx) => {
        const outside = { prefix, prefixEnd: endOfPrefix(prefix), now: now() };
        if (!isKeeping) await planOutOfPrefix(tx, lease, outside);
        await markListed(tx, lease, now());
        const { listed } = await countRun(tx, lease.runId);
        return { listed, ...(await countPlannedRemovals(tx, lease)) };
      }),
    holdPlanned: () => write((tx) => holdPlannedRemovals(tx, lease.runId)),
    unmarkUnplanned: async () => {
      if (planRunId !== null) await write((tx) => clearUnplannedMarks(tx, lease, planRunId));
    },
  };
}
