import { newId } from "@/lib/core/ids";
import { ABSENT_PIECE_KEYS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import {
  clearMarks,
  countAbsence,
  forgetObjects,
  forgetWithoutDocument,
  keepAbsent,
  nextAbsent,
  nextAbsentWithoutDocument,
} from "@/lib/db/sql/absence";
import {
  beginHold,
  findHold,
  finishApproved,
  holdKeys,
  keepNextHeld,
  publishHold,
  releaseHold,
} from "@/lib/db/sql/holds";
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
      let rest: readonly string[] = keys;
      while (rest.length > 0) rest = await write((tx) => removeAbsent(tx, context, rest));
    },
    unmarkAbsent: (keys) => write((tx) => clearMarks(tx, lease, keys)),
    keepAbsent: () => eachAbsent(context, (keys) => write((tx) => keepAbsent(tx, lease, keys))),
    keepDismissed: () => keepDismissed(context),
    findApproved: () => read((tx) => findHold(tx, connectionId, "approved")),
    finishApproved: (holdId) => write((tx) => finishApproved(tx, holdId)),
    holdAbsent: (reason) => holdAbsent(context, reason),
    releaseHold: () => write((tx) => releaseHold(tx, connectionId, now())),
    // They are looked for beside other writers: all that is marked may have to be gone through.
    forgetAbsent: () =>
      inPieces(
        (afterKey) =>
          read((tx) => nextAbsentWithoutDocument(tx, lease, { afterKey, countMax: ABSENT_PIECE_KEYS })),
        (keys) => write((tx) => forgetWithoutDocument(tx, lease, keys)),
      ),
  };
}

/** Works on keys in key order, a bounded number at a time; the next of them are those after the last. */
export async function inPieces(
  next: (afterKey: string) => Promise<string[]>,
  work: (keys: string[]) => Promise<unknown>,
): Promise<void> {
  let afterKey = "";
  for (;;) {
    const keys = await next(afterKey);
    const last = keys.at(-1);
    if (last === undefined) return;
    await work(keys);
    afterKey = last;
  }
}

async function eachAbsent(
  { lease, read }: RunStoreContext,
  work: (keys: string[]) => Promise<unknown>,
): Promise<void> {
  const rest = { countMax: ABSENT_PIECE_KEYS, isApprovedOnly: false };
  const next = (afterKey: string) => read((tx) => nextAbsent(tx, lease, { ...rest, afterKey }));
  return inPieces(async (afterKey) => (await next(afterKey)).map(({ key }) => key), work);
}

/** Each piece takes its keys out of the hold, or ends it. */
async function keepDismissed({ lease, read, write }: RunStoreContext): Promise<void> {
  const { connectionId } = lease;
  for (;;) {
    const id = await read((tx) => findHold(tx, connectionId, "dismissing"));
    if (id === null) return;
    await write((tx) => keepNextHeld(tx, { id, connectionId }, ABSENT_PIECE_KEYS));
  }
}

async function holdAbsent(context: RunStoreContext, reason: string): Promise<void> {
  const { lease, write, now } = context;
  const gathering = await write((tx) => beginHold(tx, lease, { holdId: newId(), reason, now: now() }));
  if (gathering === null) return;
  const { holdId } = gathering;
  await eachAbsent(context, (keys) => write((tx) => holdKeys(tx, lease, { holdId, keys, now: now() })));
  await write((tx) => publishHold(tx, lease, { ...gathering, now: now() }));
}

/** Removes the first of these keys with their documents; resolves with those that are left. */
async function removeAbsent(
  tx: Tx,
  context: RunStoreContext,
  keys: readonly string[],
): Promise<readonly string[]> {
  const { lease, destination } = context;
  const documents = await documentsOf(tx, lease.connectionId, keys);
  const ids = keys.flatMap((key) => documents.get(key) ?? []);
  const gone = new Set(await destination.remove(tx, ids));
  const isLeft = (key: string) => !gone.has(documents.get(key) ?? "") && documents.has(key);
  const removed = keys.filter((key) => !isLeft(key));
  await forgetObjects(tx, lease.connectionId, removed);
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
    removed.map((key) => ({ ...plain, key })),
    context.now(),
  );
  return keys.filter(isLeft);
}
