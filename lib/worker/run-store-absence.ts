import { newId } from "@/lib/core/ids";
import { MANIFEST_WINDOW_ROWS_MAX, REMOVE_PIECE_KEYS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import {
  clearMarks,
  closeHolds,
  countAbsence,
  emptyHold,
  forgetAbsentWithoutDocument,
  forgetObjects,
  forgetStored,
  holdKeys,
  keepAbsent,
  nextAbsent,
  openHold,
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
      // Should the run be cut between the pieces and the object be back, it is read again.
      await write((tx) => forgetStored(tx, connectionId, keys));
      await context.destination.prepareRemoval(write, [...documents.values()]);
      await write((tx) => removeAbsent(tx, context, keys));
    },
    unmarkAbsent: (keys) => write((tx) => clearMarks(tx, lease, keys)),
    keepAbsent: () => inPieces(context, (keys) => write((tx) => keepAbsent(tx, lease, keys))),
    holdAbsent: (reason) => holdAbsent(context, reason),
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

/** Hands on the absent keys in key order, a bounded number at a time. */
async function inPieces(
  { lease, read }: RunStoreContext,
  work: (keys: string[]) => Promise<unknown>,
): Promise<void> {
  let afterKey = "";
  for (;;) {
    const args = { afterKey, countMax: REMOVE_PIECE_KEYS, isApprovedOnly: false };
    const keys = (await read((tx) => nextAbsent(tx, lease, args))).map(({ key }) => key);
    const last = keys.at(-1);
    if (last === undefined) return;
    await work(keys);
    afterKey = last;
  }
}

async function holdAbsent(context: RunStoreContext, reason: string): Promise<void> {
  const { lease, write, now } = context;
  const holdId = await write((tx) => openHold(tx, lease, { holdId: newId(), reason, now: now() }));
  if (holdId === null) return;
  while ((await write((tx) => emptyHold(tx, holdId, REMOVE_PIECE_KEYS))) === REMOVE_PIECE_KEYS);
  await inPieces(context, (keys) => write((tx) => holdKeys(tx, lease, { holdId, keys, now: now() })));
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
