import { ABSENT_PIECE_KEYS } from "@/lib/core/limits";
import { clearMarks } from "@/lib/db/sql/absence";
import { documentsOf } from "@/lib/db/sql/manifest";
import { admitPlanned, countPlannedPlaces, dropParked } from "@/lib/db/sql/planned-places";
import {
  countPlannedRemovals,
  holdPlannedRemovals,
  nextPlanned,
  nextUnplanned,
  readPlannedRows,
  recordPlannedRemovals,
  recordPlannedRows,
  recordUnfulfilled,
} from "@/lib/db/sql/plans";
import { advanceRange, countListed, recordChanges } from "@/lib/db/sql/run-records";
import type { PlannedChange } from "@/lib/sync/manifest";
import type { RunStore } from "@/lib/sync/run-store";
import type { RunStoreContext } from "./run-store";
import { inPieces } from "./run-store-absence";
import { eachOutOfPrefix, markListed } from "./run-store-listing";
import { timedWrite } from "./timed-write";

type PlanPart = Pick<
  RunStore,
  | "recordPlanned"
  | "readPlanned"
  | "countPlannedPlaces"
  | "admitPlanned"
  | "dropPlannedParked"
  | "closePlan"
  | "holdPlanned"
  | "reportDrifted"
>;

/** What writing a plan down, and applying one, need. */
export function planStore(context: RunStoreContext): PlanPart {
  const { lease, settings, planRunId, read, write, now } = context;
  const isKeeping = settings.deletionPolicy === "keep";
  return {
    recordPlanned: ({ range, counts, changes }) =>
      timedWrite(write, async (tx) => {
        // Where documents are kept, nothing is removed and no place comes free.
        const isLine = ({ kind }: PlannedChange) => !isKeeping || (kind !== "removed" && kind !== "parked");
        const lines = changes.filter(isLine);
        await recordPlannedRows(tx, lease.runId, lines, now());
        await advanceRange(tx, lease.runId, range, counts);
      }),
    readPlanned: (range) =>
      planRunId === null ? Promise.resolve([]) : read((tx) => readPlannedRows(tx, planRunId, range)),
    countPlannedPlaces: () => read((tx) => countPlannedPlaces(tx, lease)),
    admitPlanned: (countMax) => write((tx) => admitPlanned(tx, lease.runId, countMax)),
    dropPlannedParked: async () => {
      const countMax = ABSENT_PIECE_KEYS;
      while ((await write((tx) => dropParked(tx, lease.runId, countMax))) === countMax);
    },
    closePlan: async (prefix) => {
      if (!isKeeping) {
        await eachOutOfPrefix(context, prefix, (keys) =>
          write((tx) => recordPlannedRemovals(tx, lease, keys, now())),
        );
      }
      await write((tx) => markListed(tx, lease, now()));
      // Nobody but this run writes its lines, and it has written all of them: they are counted beside other writers.
      return read(async (tx) => ({
        listed: await countListed(tx, lease.runId),
        ...(await countPlannedRemovals(tx, lease)),
      }));
    },
    holdPlanned: async () => {
      const countMax = ABSENT_PIECE_KEYS;
      while ((await write((tx) => holdPlannedRemovals(tx, lease.runId, countMax))) === countMax);
    },
    reportDrifted: async () => {
      if (planRunId === null) return;
      await leaveUnplanned(context, planRunId);
      await inPieces(
        (afterKey) => read((tx) => nextPlanned(tx, planRunId, { afterKey, countMax: ABSENT_PIECE_KEYS })),
        (keys) => write((tx) => recordUnfulfilled(tx, lease, { planRunId, keys, now: now() })),
      );
    },
  };
}

/** Documents stay whose objects have gone without the plan saying so. */
async function leaveUnplanned(context: RunStoreContext, planRunId: string): Promise<void> {
  const { lease, read, write, now } = context;
  const rest = { planRunId, countMax: ABSENT_PIECE_KEYS };
  const message = "Its object has gone, and that does not stand in the plan.";
  const line = { kind: "drifted", reason: null, stage: null, message, attempt: 0, nextTryAt: null } as const;
  await inPieces(
    (afterKey) => read((tx) => nextUnplanned(tx, lease, { ...rest, afterKey })),
    (keys) =>
      write(async (tx) => {
        const stored = await documentsOf(tx, lease.connectionId, keys);
        await recordChanges(
          tx,
          lease.runId,
          [...stored.keys()].map((key) => ({ ...line, key })),
          now(),
        );
        await clearMarks(tx, lease, keys);
      }),
  );
}
