import { newId } from "@/lib/core/ids";
import { MANIFEST_WINDOW_ROWS_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import {
  clearMarks,
  closeHolds,
  countAbsence,
  forgetAbsentWithoutDocument,
  forgetObjects,
  holdAbsent,
  keepAbsent,
  nextAbsent,
} from "@/lib/db/sql/absence";
import { documentsOf } from "@/lib/db/sql/manifest";
import { recordChanges } from "@/lib/db/sql/run-records";
import type { AbsenceStore } from "@/lib/sync/run-store";
import type { RunStoreContext } from "./run-store";

/** What removing and holding need. */
export function absenceStore(context: RunStoreContext): AbsenceStore {
  const { lease, read, write, now } = context;
  const { connectionId } = lease;
  return {
    countAbsence: () => read((tx) => countAbsence(tx, lease)),
    nextAbsent: (args) =>
      read(async (tx) =>
        (await nextAbsent(tx, lease, args)).map((row) => ({ key: row.key, missingSince: row.missing_since })),
      ),
    removeAbsent: async (keys) => {
      const documents = await read((tx) => documentsOf(tx, connectionId, keys));
      await context.destination.prepareRemoval(write, [...documents.values()]);
      await write((tx) => removeAbsent(tx, context, keys));
    },
    unmarkAbsent: (keys) => write((tx) => clearMarks(tx, lease, keys)),
    keepAbsent: () => write((tx) => keepAbsent(tx, lease)),
    holdAbsent: (reason) =>
      write(async (tx) => {
        // A person applied the hold since it was counted: the run that the click has queued removes these.
        if ((await countAbsence(tx, lease)).approved > 0) return;
        await closeHolds(tx, connectionId, { from: "approved", to: "applied", now: now() });
        await holdAbsent(tx, lease, { holdId: newId(), reason, now: now() });
      }),
    releaseHold: () =>
      write(async (tx) => {
        await closeHolds(tx, connectionId, { from: "approved", to: "applied", now: now() });
        await closeHolds(tx, connectionId, { from: "open", to: "released", now: now() });
      }),
    forgetAbsent: async () => {
      const countMax = MANIFEST_WINDOW_ROWS_MAX;
      while ((await write((tx) => forgetAbsentWithoutDocument(tx, lease, countMax))) === countMax);
    },
  };
}

async function removeAbsent(tx: Tx, context: RunStoreContext, keys: readonly string[]): Promise<void> {
  const { lease, destination } = context;
  const documents = await documentsOf(tx, lease.connectionId, keys);
  await destination.remove(tx, [...documents.values()]);
  await forgetObjects(tx, lease.connectionId, keys);
  const plain = {
    kind: "removed",
    reason: null,
    stage: null,
    message: null,
    attempt: 0,
    nextTryAt: null,
  } as const;
  await recordChanges(
    tx,
    lease.runId,
    keys.map((key) => ({ ...plain, key })),
    context.now(),
  );
}
